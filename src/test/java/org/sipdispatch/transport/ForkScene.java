package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.sipdispatch.agents.Requests;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.agents.UdpPeer;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipResponse;

/** One call through a proxy that sends it to six user agents at once. They respond as the scene says. */
final class ForkScene {
    static final int CALLEES = 6;

    private final InetSocketAddress proxy;
    private final UdpPeer caller;
    private final List<UdpPeer> callees;
    private final Requests requests;
    private final String call = Requests.newCall();

    /** {@code callees}: made by {@link #callee}. */
    ForkScene(InetSocketAddress proxy, UdpPeer caller, List<UdpPeer> callees) {
        this.proxy = proxy;
        this.caller = caller;
        this.callees = callees;
        requests = Requests.udp(caller.address());
    }

    /** A user agent that ends a cancelled call with 487, and accepts a BYE. The test answers its calls. */
    static UdpPeer callee(String host) {
        return new UdpPeer(new InetSocketAddress(host, 0), (peer, request) -> {
            if (request.isMethod("CANCEL") || request.isMethod("BYE")) {
                peer.send(peer.lastSource(), SipText.response(request, 200, "callee"));
            }
            if (request.isMethod("CANCEL")) {
                peer.requests("INVITE").stream()
                        .filter(invite -> SipText.callId(invite).equals(SipText.callId(request)))
                        .findFirst()
                        .ifPresent(invite -> peer.send(peer.lastSource(), response(peer, invite, 487)));
            }
        });
    }

    private static String response(UdpPeer callee, SipRequest request, int code, String... more) {
        String contact = "Contact: <sip:callee@" + SipText.hostPort(callee.address()) + ">\r\n";
        return SipText.response(request, code, "t" + callee.address().getPort(), more)
                .replace("Content-Length:", contact + "Content-Length:");
    }

    /** The caller's request reaches all user agents. */
    ForkScene begins(String method) {
        caller.send(proxy, requests.of(method, call));
        callees.forEach(callee -> callee.awaitRequest(method, call));
        return this;
    }

    /** User agents, from 1, respond to the request, each after the other; final failures are acknowledged. */
    ForkScene respond(String method, int code, int... numbers) {
        for (int number : numbers) {
            UdpPeer callee = callees.get(number - 1);
            SipRequest request = callee.awaitRequest(method, call);
            String[] more = code == 401
                    ? new String[] {"WWW-Authenticate: Digest realm=\"r" + number + "\", nonce=\"n\""}
                    : code == 407
                            ? new String[] {"Proxy-Authenticate: Digest realm=\"r" + number + "\", nonce=\"n\""}
                            : new String[0];
            callee.send(proxy, response(callee, request, code, more));
            if (method.equals("INVITE") && code >= 300) {
                callee.awaitRequest("ACK", call);
            }
        }
        return this;
    }

    /** The caller has got as many responses with this code, retransmissions not counted. */
    ForkScene callerHas(int number, int code) {
        await().until(() ->
                responses().stream().filter(text -> text.startsWith(code + " ")).count() == number);
        return this;
    }

    ForkScene callerCancels() {
        caller.send(proxy, requests.of("CANCEL", call));
        return this;
    }

    /** User agents get a CANCEL, and their 487 is acknowledged. */
    ForkScene areCancelled(int... numbers) {
        for (int number : numbers) {
            callees.get(number - 1).awaitRequest("CANCEL", call);
            callees.get(number - 1).awaitRequest("ACK", call);
        }
        return this;
    }

    /** The caller acknowledges the failure that it gets. */
    ForkScene fails(int code) {
        SipResponse response = caller.awaitResponse(code, "INVITE", call);
        String to = response.text(HeaderName.TO);
        caller.send(proxy, requests.of("ACK", call).replaceFirst("(?m)^To: .*$", "To: " + to));
        return this;
    }

    /** The caller acknowledges the answer of this user agent, and hangs up. */
    ForkScene isAcknowledgedAndEnded(int number) {
        UdpPeer callee = callees.get(number - 1);
        SipResponse answer = await().until(
                        () -> ofRequest()
                                .filter(one -> one.isSuccess()
                                        && tag(number).equals(one.to().tagText()))
                                .findFirst()
                                .orElse(null),
                        found -> found != null);
        caller.send(proxy, requests.inDialog("ACK", answer));
        callee.awaitRequest("ACK", call);
        caller.send(proxy, requests.inDialog("BYE", answer));
        callee.awaitRequest("BYE", call);
        return this;
    }

    /** The caller's responses, each once: the code and the user agent that it is of, 0 for the proxy. */
    List<String> responses() {
        return ofRequest()
                .filter(one -> one.status() > 100)
                .map(one -> one.status() + " of " + callee(one))
                .distinct()
                .toList();
    }

    private Stream<SipResponse> ofRequest() {
        return caller.received().stream()
                .filter(SipResponse.class::isInstance)
                .map(SipResponse.class::cast)
                .filter(one ->
                        SipText.callId(one).equals(call) && !one.cseqMethodIs("CANCEL") && !one.cseqMethodIs("BYE"));
    }

    /** The tag of a user agent. */
    private String tag(int number) {
        return "t" + callees.get(number - 1).address().getPort();
    }

    private int callee(SipResponse response) {
        return IntStream.rangeClosed(1, CALLEES)
                .filter(i -> tag(i).equals(response.to().tagText()))
                .findFirst()
                .orElse(0);
    }

    /** The realms of the challenges in a response. */
    List<String> realms(int code) {
        SipResponse response = caller.awaitResponse(code, "INVITE", call);
        assertThat(response.isProvisional()).isFalse();
        return response.toString()
                .lines()
                .filter(line -> line.contains("-Authenticate:"))
                .map(value -> value.replaceFirst(".*realm=\"(\\w+)\".*", "$1"))
                .sorted()
                .toList();
    }

    /** The user agents that have got a request of this method. */
    List<Integer> reached(String method) {
        return IntStream.rangeClosed(1, CALLEES)
                .filter(i -> callees.get(i - 1).requests(method).stream()
                        .anyMatch(one -> SipText.callId(one).equals(call)))
                .boxed()
                .toList();
    }
}
