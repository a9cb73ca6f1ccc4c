package org.sipdispatch.agents;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.sipdispatch.sip.ParseResult;
import org.sipdispatch.sip.SipMessage;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipResponse;

/** The far end of a socket: keeps all messages that it gets, in their order. */
public abstract class Peer implements AutoCloseable {
    private final List<SipMessage> received = new CopyOnWriteArrayList<>();

    void take(byte[] bytes) {
        ParseResult input = SipText.parsed(bytes, bytes.length);
        if (input instanceof SipMessage message) {
            received.add(message);
            onMessage(message);
        }
    }

    /** What to do with a message besides keeping it. */
    protected void onMessage(SipMessage message) {}

    public abstract InetSocketAddress address();

    public List<SipMessage> received() {
        return received;
    }

    public List<SipRequest> requests(String method) {
        return received.stream()
                .filter(SipRequest.class::isInstance)
                .map(SipRequest.class::cast)
                .filter(request -> request.isMethod(method))
                .toList();
    }

    public SipRequest awaitRequest(String method, String callId) {
        return (SipRequest) await(message -> message instanceof SipRequest request
                && request.isMethod(method)
                && SipText.callId(request).equals(callId));
    }

    /** The first response of that code, or of any final one if the code is 0, to a call's request. */
    public SipResponse awaitResponse(int code, String method, String callId) {
        return (SipResponse) await(message -> message instanceof SipResponse response
                && (code == 0 ? !response.isProvisional() : response.status() == code)
                && response.cseqMethodIs(method)
                && SipText.callId(response).equals(callId));
    }

    /** The calls that have a final response to a request of that method. */
    public Set<String> answered(String method) {
        return received.stream()
                .filter(message -> message instanceof SipResponse response
                        && !response.isProvisional()
                        && response.cseqMethodIs(method))
                .map(SipText::callId)
                .collect(Collectors.toSet());
    }

    private SipMessage await(Predicate<SipMessage> wanted) {
        return Awaitility.await()
                .atMost(20, TimeUnit.SECONDS)
                .pollInterval(5, TimeUnit.MILLISECONDS)
                .until(() -> received.stream().filter(wanted).findFirst().orElse(null), found -> found != null);
    }

    @Override
    public abstract void close();
}
