package org.sipdispatch.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.agents.Requests;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.agents.UdpPeer;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipResponse;

/** The demo's user agents with lost datagrams. */
@Timeout(60)
class UserAgentsTest {
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final Map<String, Integer> seen = new HashMap<>();

    private static String answer(UdpPeer peer, SipRequest request, int code) {
        return SipText.response(
                request, code, "callee", "Contact: <sip:callee@" + SipText.hostPort(peer.address()) + ">");
    }

    private DemoCaller.CallResult called(BiConsumer<UdpPeer, SipRequest> proxy) throws IOException {
        try (UdpPeer peer = new UdpPeer(ANY, (one, request) -> {
                    seen.merge(request.method(), 1, Integer::sum);
                    proxy.accept(one, request);
                });
                DemoCaller caller = DemoCaller.through(peer.address(), ANY)) {
            DemoCaller.CallResult answer = caller.call(1);
            List<SipRequest> invites = peer.requests("INVITE");
            assertThat(invites)
                    .extracting(request -> request.text(HeaderName.VIA))
                    .containsOnly(invites.get(0).text(HeaderName.VIA));
            return answer;
        }
    }

    @Test
    void whatGotLostIsSentAgainAndTheCallSucceeds() throws IOException {
        DemoCaller.CallResult answer = called((peer, request) -> {
            if (seen.get(request.method()) > 1) {
                peer.send(peer.lastSource(), answer(peer, request, 200));
            }
        });

        assertThat(answer).isEqualTo(new DemoCaller.CallResult(200, "callee"));
        assertThat(seen).containsEntry("INVITE", 2).containsEntry("BYE", 2);
    }

    @Test
    void anAnsweredInviteThatIsAnsweredAgainIsAcknowledgedAgainAndIsNoAnswerToTheBye() throws IOException {
        SipRequest[] invite = new SipRequest[1];
        DemoCaller.CallResult answer = called((peer, request) -> {
            if (request.isMethod("INVITE")) {
                invite[0] = request;
                peer.send(peer.lastSource(), answer(peer, request, 200));
            } else if (request.isMethod("BYE") && seen.get("BYE") == 1) {
                peer.send(peer.lastSource(), answer(peer, invite[0], 200));
            } else if (request.isMethod("BYE")) {
                peer.send(peer.lastSource(), answer(peer, request, 200));
            }
        });

        assertThat(answer.status()).isEqualTo(200);
        assertThat(seen).containsEntry("ACK", 2).containsEntry("BYE", 2);
    }

    @Test
    void aRefusalIsAcknowledgedInItsTransactionAndReported() throws IOException {
        SipRequest[] ack = new SipRequest[1];
        SipRequest[] invite = new SipRequest[1];
        try (UdpPeer peer = new UdpPeer(ANY, (one, request) -> {
                    if (request.isMethod("ACK")) {
                        ack[0] = request;
                    } else {
                        invite[0] = request;
                        one.send(one.lastSource(), answer(one, request, 486));
                    }
                });
                DemoCaller caller = DemoCaller.through(peer.address(), ANY)) {
            assertThat(caller.call(1).status()).isEqualTo(486);
            await().until(() -> ack[0] != null);
        }
        assertThat(ack[0].text(HeaderName.VIA)).isEqualTo(invite[0].text(HeaderName.VIA));
        assertThat(ack[0].text(HeaderName.TO)).contains(";tag=callee");
    }

    @Test
    void aByeThatIsRefusedIsAFailure() throws IOException {
        DemoCaller.CallResult answer = called((peer, request) -> {
            if (!request.isMethod("ACK")) {
                peer.send(peer.lastSource(), answer(peer, request, request.isMethod("BYE") ? 481 : 200));
            }
        });

        assertThat(answer.status()).isEqualTo(481);
        assertThat(answer.by()).startsWith("to BYE: SIP/2.0 481");
    }

    @Test
    void aGatewayRepeatsItsAnswerUntilItIsAcknowledged() throws IOException {
        InetSocketAddress at = Ports.freeAddress("127.0.0.1");
        try (Gateway gateway = Gateway.start(at, "gateway-1");
                UdpPeer proxy = new UdpPeer("127.0.0.1")) {
            Requests requests = Requests.udp(proxy.address());
            String call = Requests.newCall();
            proxy.send(at, requests.of("INVITE", call));

            await().until(() -> proxy.received().size() >= 2);
            SipResponse answer = proxy.awaitResponse(200, "INVITE", call);
            assertThat(gateway.isAwaitingAck()).isTrue();
            proxy.send(at, requests.inDialog("ACK", answer));
            await().until(() -> !gateway.isAwaitingAck());
            proxy.send(at, requests.inDialog("BYE", answer));
            proxy.awaitResponse(200, "BYE", call);
        }
    }
}
