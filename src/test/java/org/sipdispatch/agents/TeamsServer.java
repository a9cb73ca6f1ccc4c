package org.sipdispatch.agents;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToIntFunction;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.SipRequest;

/**
 * A server of Microsoft Teams as its documentation describes it: TLS 1.2, a certificate of each side, the name of the SBC in
 * the Contact of OPTIONS and in the topmost Record-Route of INVITE, each with {@code transport=tls}. What differs is refused.
 */
public final class TeamsServer implements AutoCloseable {
    /** The name by which the server calls itself within calls. */
    public static final String WITHIN_CALLS = "sip-du-a-eu.pstnhub.microsoft.com";

    private final OpenSslPeer peer;
    private final String sbc;
    private final ToIntFunction<SipRequest> inviteCode;
    private final List<String> complaints = new CopyOnWriteArrayList<>();

    /**
     * Listens.
     *
     * @param sbc the name of the SBC
     * @param inviteCode how it answers an INVITE
     * @param tls options of {@code s_server}: its certificate, and the authority of the SBC
     */
    public TeamsServer(InetSocketAddress local, String sbc, ToIntFunction<SipRequest> inviteCode, List<String> tls) {
        this.sbc = sbc;
        this.inviteCode = inviteCode;
        peer = OpenSslPeer.listening(local, this::answer, tls.toArray(String[]::new));
    }

    private void answer(OpenSslPeer connection, SipRequest request) {
        String complaint = complaint(request);
        if (complaint != null) {
            complaints.add(complaint);
            connection.send(SipText.response(request, 403, "teams"));
        } else if (request.isMethod("INVITE")) {
            connection.send(SipText.response(request, inviteCode.applyAsInt(request), "teams", contact()));
        } else if (!request.isMethod("ACK")) {
            connection.send(SipText.response(request, 200, "teams"));
        }
    }

    private String complaint(SipRequest request) {
        HeaderName name = request.isMethod("OPTIONS")
                ? HeaderName.CONTACT
                : request.isMethod("INVITE") ? HeaderName.RECORD_ROUTE : null;
        if (name == null) {
            return null;
        }
        List<String> values = SipText.values(request, name);
        String first = values.isEmpty() ? "none" : values.get(0);
        boolean isRight = first.matches("<sip:" + sbc.replace(".", "\\.") + ":\\d+;transport=tls(;.*)?>.*");
        return isRight ? null : name.text() + ": " + first + " (expected: the name " + sbc + " and transport=tls)";
    }

    /** The Contact line of its requests and answers. */
    public String contact() {
        return "Contact: <sip:" + WITHIN_CALLS + ":" + peer.address().getPort() + ";transport=tls>";
    }

    /** What it has refused, and why. */
    public List<String> complaints() {
        return complaints;
    }

    public OpenSslPeer peer() {
        return peer;
    }

    @Override
    public void close() {
        peer.close();
    }
}
