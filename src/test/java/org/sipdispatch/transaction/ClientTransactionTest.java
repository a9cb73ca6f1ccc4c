package org.sipdispatch.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sipdispatch.sip.Ascii;
import org.sipdispatch.sip.SipParser;
import org.sipdispatch.sip.SipResponse;
import org.sipdispatch.sip.SipUri;

/** What a client transaction reports to its transaction user. */
class ClientTransactionTest {
    private static final InetSocketAddress LOCAL = SocketAddresses.literal(SipUri.parse("sip:192.0.2.10:5060"));
    private static final ListenSocket SOCKET = new ListenSocket(0, "main", Protocol.UDP, LOCAL, "192.0.2.10", 5060);
    private static final NextHop HOP = new NextHop(SOCKET, SocketAddresses.literal(SipUri.parse("sip:10.0.0.1")));

    private final List<String> reports = new ArrayList<>();
    private final List<String> sent = new ArrayList<>();
    private final TimerWheel wheel = new TimerWheel(0);
    private final EventClock clock = new EventClock(() -> 0, 0);
    private SendFailure failure;

    private final Transport transport = new Transport() {
        @Override
        public SendFailure send(
                ListenSocket socket, InetSocketAddress to, TransactionConnections used, byte[] bytes, int length) {
            String text = Ascii.text(bytes, 0, length);
            sent.add(text.substring(0, text.indexOf(' ')));
            return failure;
        }

        @Override
        public void watch(NextHop hop) {}
    };

    private final TransactionUser<String> user = new TransactionUser<>() {
        @Override
        public void onResponse(String handle, SipResponse response) {
            reports.add("response " + handle);
        }

        @Override
        public void onProvisional(String handle, SipResponse response) {
            reports.add("provisional " + handle);
        }

        @Override
        public void onSuccess(String handle, SipResponse response) {
            reports.add("success " + handle);
        }

        @Override
        public void onFailure(String handle, SipResponse response) {
            reports.add("failure " + handle);
        }

        @Override
        public void onRetransmission(String handle) {
            reports.add("retransmission " + handle);
        }

        @Override
        public void onTimeout(String handle) {
            reports.add("timeout " + handle);
        }

        @Override
        public void onTransportError(String handle, SendFailure why) {
            reports.add(why + " " + handle);
        }

        @Override
        public long timerCMs() {
            return 60_000;
        }
    };

    private final TransactionContext context = new TransactionContext(
            clock,
            wheel,
            transport,
            new TransactionTimers(500, 4_000),
            (why, remote, bytes) -> reports.add("not sent"));
    private final ClientTransaction<String> client = new ClientTransaction<>(
            context, user, "a", HOP, true, Ascii.bytes(message("INVITE sip:b@10.0.0.1 SIP/2.0")));

    private static String message(String startLine) {
        return String.join(
                "\r\n",
                startLine,
                "Via: SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bKa",
                "Max-Forwards: 70",
                "From: <sip:a@example.com>;tag=1",
                "To: <sip:b@example.com>",
                "Call-ID: c",
                "CSeq: 1 INVITE",
                "Content-Length: 0",
                "",
                "");
    }

    private void answers(int code) {
        byte[] bytes = Ascii.bytes(message("SIP/2.0 " + code + " Answer"));
        client.received((SipResponse) SipParser.parse(bytes, 0, bytes.length));
    }

    private void passes(long toMs) {
        for (long nowMs = clock.nowMs(); nowMs <= toMs; nowMs += TimerWheel.TICK_MS) {
            clock.set(nowMs);
            wheel.advance(nowMs);
        }
    }

    @Test
    void anAnsweredInviteIsReportedAndEndsItsTimers() {
        client.start(2_000);
        answers(180);
        answers(200);
        passes(70_000);

        assertThat(reports).containsExactly("response a", "provisional a", "response a", "success a");
        assertThat(sent).containsExactly("INVITE");
    }

    @Test
    void aFailureIsAcknowledgedEachTimeAndReportedOnce() {
        client.start(2_000);
        answers(486);
        answers(486);

        assertThat(reports).containsExactly("response a", "failure a");
        assertThat(sent).containsExactly("INVITE", "ACK", "ACK");
    }

    @Test
    void silenceIsReportedBeforeEachRetransmissionAndAtTheEnd() {
        client.start(2_000);
        passes(2_000);

        assertThat(reports).containsExactly("retransmission a", "retransmission a", "timeout a");
        assertThat(sent).containsExactly("INVITE", "INVITE", "INVITE");
        assertThat(client.isGivenUp()).isTrue();
    }

    @Test
    void aTransportErrorReachesTheTransactionsThatAwaitAResponseFromThere() {
        ClientTransactionsByHop waiting = new ClientTransactionsByHop();
        client.start(2_000);
        waiting.add(client);

        waiting.transportError(new NextHop(SOCKET, LOCAL), hop -> true, SendFailure.UNREACHABLE);
        waiting.transportError(HOP, hop -> false, SendFailure.UNREACHABLE);
        assertThat(reports).isEmpty();

        waiting.transportError(HOP, HOP::equals, SendFailure.UNREACHABLE);
        waiting.transportError(HOP, HOP::equals, SendFailure.UNREACHABLE);
        assertThat(reports).containsExactly("UNREACHABLE a");
    }

    @Test
    void onlyTheTransactionsThatStillWaitLearnOfATransportErrorInTheirOrder() {
        ClientTransactionsByHop waiting = new ClientTransactionsByHop();
        List<ClientTransaction<String>> clients = new ArrayList<>();
        for (String handle : List.of("1", "2", "3", "4", "5")) {
            ClientTransaction<String> client = new ClientTransaction<>(context, user, handle, HOP, true, new byte[0]);
            clients.add(client);
            waiting.add(client);
        }
        waiting.remove(clients.get(0));
        waiting.remove(clients.get(2));
        waiting.remove(clients.get(4));
        waiting.remove(clients.get(4));
        waiting.add(clients.get(2));

        waiting.transportError(HOP, hop -> true, SendFailure.UNREACHABLE);

        assertThat(reports).containsExactly("UNREACHABLE 2", "UNREACHABLE 4", "UNREACHABLE 3");
    }

    @Test
    void aRequestThatCannotBeSentStartsNoTimer() {
        failure = SendFailure.NO_SOCKET;

        assertThat(client.start(2_000)).isEqualTo(SendFailure.NO_SOCKET);
        assertThat(reports).containsExactly("not sent");
        assertThat(wheel.size()).isZero();
    }
}
