package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.CALLER;
import static org.sipdispatch.proxy.LaneFixture.MAIN;
import static org.sipdispatch.proxy.LaneFixture.STREAM;
import static org.sipdispatch.proxy.LaneFixture.address;
import static org.sipdispatch.proxy.LaneFixture.invite;
import static org.sipdispatch.proxy.LaneFixture.request;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.transaction.Flow;

/** A call that starts on one node and continues on another one with the same secret and address. */
class PeerTransactionsTest {
    /** Where the flags of the first call in a batch are; the length and the text of the socket's name follow. */
    private static final int FLAGS = 3 + 8 + 2;

    private final LaneFixture first = LaneFixture.stateful().hasPeers();
    private final LaneFixture second = LaneFixture.stateful().hasPeers();

    /** The second node takes over the address; its sets would select other destinations. */
    private void takesOver(LaneFixture from, LaneFixture to) {
        from.passes(20);
        to.set(1, "sip:10.0.0.3").carries(from.carried);
    }

    private static String viaOf(LaneFixture.Sent sent) {
        return sent.line("Via");
    }

    @Test
    void anAnswerFindsItsWayBack() {
        first.callerSends(invite());
        LaneFixture.Sent forwarded = first.lastOf("INVITE");

        second.answers(forwarded, 180);
        second.answers(forwarded, 200);

        assertThat(second.sent()).containsExactly("180 to caller", "200 to caller");
        assertThat(second.last().lines("Via")).containsExactly("Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKc1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"stateful", "stateless"})
    void aRetransmittedInviteGoesToTheSameDestinationWithTheSameBranch(String mode) {
        LaneFixture one = LaneFixture.stateful("relay-defaults.mode = " + mode).hasPeers();
        LaneFixture other = LaneFixture.stateful("relay-defaults.mode = " + mode);
        one.callerSends(invite());
        takesOver(one, other);

        other.callerSends(invite());
        other.callerSends(invite());

        assertThat(other.sent()).containsExactly("INVITE to d1", "INVITE to d1");
        assertThat(other.last().text()).isEqualTo(one.lastOf("INVITE").text());
        assertThat(other.asked).isEmpty();
    }

    @Test
    void aCancelReachesTheDestinationAndItsAnswersReachTheCaller() {
        first.callerSends(invite());
        LaneFixture.Sent forwarded = first.lastOf("INVITE");
        first.answers(forwarded, 180);
        takesOver(first, second);

        second.callerSends(request("CANCEL"));
        assertThat(second.sent()).containsExactly("CANCEL to d1");
        LaneFixture.Sent cancel = second.last();
        assertThat(viaOf(cancel)).isEqualTo(viaOf(forwarded));
        assertThat(cancel.startLine()).isEqualTo(forwarded.startLine().replace("INVITE", "CANCEL"));

        second.answers(cancel, 200);
        second.answers(forwarded, 487);
        assertThat(second.sent()).containsExactly("200 to caller", "487 to caller");

        second.callerSends(LaneFixture.ack(second.last()));
        assertThat(second.sent()).containsExactly("ACK to d1");
        assertThat(viaOf(second.last())).isEqualTo(viaOf(forwarded));
    }

    @Test
    void afterAFailoverTheLastDestinationIsMeant() {
        first.callerSends(invite());
        first.destinationAnswers(500);
        LaneFixture.Sent again = first.lastOf("INVITE");
        assertThat(again).hasToString("INVITE to d2");
        takesOver(first, second);

        second.callerSends(invite());
        second.callerSends(request("CANCEL"));

        assertThat(second.sent()).containsExactly("INVITE to d2", "CANCEL to d2");
        assertThat(viaOf(second.last())).isEqualTo(viaOf(again));
    }

    @Test
    void whatComesInTheWrongOrderIsPutRight() {
        first.callerSends(invite());
        first.passes(20);
        first.destinationAnswers(500);
        first.passes(20);
        assertThat(first.carried).hasSize(2);

        second.carries(List.of(first.carried.get(1), first.carried.get(0)));
        second.callerSends(invite());

        assertThat(second.sent()).containsExactly("INVITE to d2");
    }

    @Test
    void aRewrittenRequestUriIsRewrittenAgain() {
        String rewrite = "relay-defaults { rewrite = domain, record-route = off }";
        LaneFixture one = LaneFixture.stateful(rewrite).hasPeers();
        LaneFixture other = LaneFixture.stateful();
        one.set(1, "sip:10.0.0.1:5060;transport=udp");
        one.callerSends(invite());
        takesOver(one, other);

        other.callerSends(invite());

        assertThat(other.last().text()).isEqualTo(one.lastOf("INVITE").text());
        assertThat(other.last().startLine()).isEqualTo("INVITE sip:bob@10.0.0.1:5060;transport=udp SIP/2.0");
        assertThat(other.last().lines("Record-Route")).isEmpty();
    }

    @Test
    void aCallToTcpLeavesByTheSameSocket() {
        first.set(1, "sip:10.0.0.1;transport=tcp");
        first.callerSends(invite());
        takesOver(first, second);

        second.callerSends(request("CANCEL"));

        assertThat(second.last().socket()).isEqualTo(STREAM);
        assertThat(second.sent()).containsExactly("CANCEL to d1");
    }

    @Test
    void itsOwnCallsANodeKnowsBetter() {
        first.callerSends(invite());
        takesOver(first, first);

        first.callerSends(request("CANCEL"));

        assertThat(first.sent()).endsWith("200 to caller");
    }

    @Test
    void manyCallsAreReportedTogetherAndNothingElseIs() {
        for (int i = 0; i < 10; i++) {
            first.callerSends(invite().replace("z9hG4bKc1", "z9hG4bKm" + i));
        }
        first.callerSends(request("MESSAGE"));
        assertThat(first.carried).isEmpty();
        first.passes(20);
        first.passes(400);

        assertThat(first.carried).hasSize(1);
        second.carries(first.carried);
        assertThat(second.counters.get(LaneCounter.CARRIED)).isEqualTo(10);
    }

    @Test
    void withoutOthersNothingIsReported() {
        LaneFixture alone = LaneFixture.stateful();

        alone.callerSends(invite());
        alone.passes(100);

        assertThat(alone.carried).isEmpty();
    }

    @Test
    void aCallIsRememberedAsLongAsItMayRing() {
        first.callerSends(invite());
        takesOver(first, second);
        second.passes(200_000);

        second.callerSends(request("CANCEL"));

        assertThat(second.sent()).containsExactly("CANCEL to d1");
    }

    @Test
    void aNodeWithOtherLanesWritesTheBranchAsItWas() {
        LaneFixture wide = LaneFixture.oneOf(4, 2).hasPeers();
        String call = invite();
        for (int i = 0; wide.lastIsNone(); i++) {
            call = invite().replace("Call-ID: c1@", "Call-ID: " + i + "@");
            wide.callerSends(call);
        }
        LaneFixture.Sent forwarded = wide.lastOf("INVITE");
        takesOver(wide, second);

        second.callerSends(call);

        assertThat(viaOf(second.last())).isEqualTo(viaOf(forwarded));
        assertThat(MessageLanes.ownerOf(wide.carried.get(0), 4)).isEqualTo(2);
        assertThat(MessageLanes.ownerOf(wide.carried.get(0), 1)).isEqualTo(-1);
        second.answers(forwarded, 180);
        assertThat(second.sent()).containsExactly("INVITE to d1", "180 to caller");
    }

    @Test
    void whatCannotBeReadIsCountedAndIgnored() {
        first.set(1, "sip:10.0.0.1").callerSends(invite());
        first.passes(20);
        byte[] good = first.carried.get(0);
        for (int length = 0; length < good.length; length++) {
            if (length != 3) {
                second.carries(List.of(Arrays.copyOf(good, length)));
            }
        }
        assertThat(second.counters.get(LaneCounter.MALFORMED_CARRIED)).isEqualTo(good.length - 1);

        Random random = new Random(7);
        for (int i = 0; i < 10_000; i++) {
            byte[] broken = good.clone();
            broken[random.nextInt(broken.length)] = (byte) random.nextInt();
            MessageLanes.ownerOf(broken, 1);
            second.carries(List.of(broken));
        }
        second.arrives(invite(), new Flow(MAIN, address(CALLER), Flow.NO_CONNECTION));

        assertThat(second.sent()).isNotEmpty();
    }

    /** A node of an earlier release does not report the protocol: its calls only leave by the socket with that name. */
    @Test
    void aCallWithoutAProtocolHasNoOtherSocket() {
        first.set(1, "sip:10.0.0.1;transport=tcp").callerSends(invite());
        first.passes(20);
        byte[] named = first.carried.get(0).clone();
        named[FLAGS] &= 3;
        byte[] unnamed = named.clone();
        unnamed[FLAGS + 2] = 'S';

        second.set(1, "sip:10.0.0.2").carries(List.of(named)).callerSends(request("CANCEL"));
        LaneFixture other = LaneFixture.stateful().set(1, "sip:10.0.0.2").carries(List.of(unnamed));
        other.callerSends(request("CANCEL"));

        assertThat(second.sent()).containsExactly("CANCEL to d1");
        assertThat(second.last().socket()).isEqualTo(STREAM);
        assertThat(other.sent()).containsExactly("CANCEL to d2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"stream", "Stream"})
    void aCallLeavesByASocketWithItsProtocolWhateverTheNamesAre(String name) {
        first.set(1, "sip:10.0.0.1;transport=tcp").callerSends(invite());
        first.passes(20);
        byte[] batch = first.carried.get(0).clone();
        batch[FLAGS + 2] = (byte) name.charAt(0);

        second.set(1, "sip:10.0.0.2").carries(List.of(batch)).callerSends(request("CANCEL"));

        assertThat(second.sent()).containsExactly("CANCEL to d1");
        assertThat(second.last().socket()).isEqualTo(STREAM);
    }

    /** The socket with the name has another protocol here. */
    @Test
    void aCallDoesNotLeaveByASocketOfAnotherProtocolWithItsName() {
        first.callerSends(invite());
        first.passes(20);
        byte[] overTls = first.carried.get(0).clone();
        overTls[FLAGS] = (byte) (overTls[FLAGS] & 3 | 3 << 2);

        second.set(1, "sip:10.0.0.2").carries(List.of(overTls)).callerSends(request("CANCEL"));

        assertThat(second.sent()).containsExactly("CANCEL to d2");
    }

    /** The flags have the bit of Record-Route and the protocol; nodes of earlier releases ignore the latter. */
    @Test
    void theBytesOnTheWireStayAsTheyAre() {
        first.callerSends(invite());
        first.passes(20);

        assertThat(java.util.HexFormat.of().formatHex(first.carried.get(0)).replaceFirst("(......).{16}", "$1KEY"))
                .isEqualTo("010100KEY" + "0000" + "05" + "046d61696e" + "040a000001" + "13c4" + "00");
    }

    @Test
    void aFlagOnTheWireSaysThatTheInviteWentOverTcpBecauseOfItsSize() {
        LaneFixture large = LaneFixture.stateless("relay.udp-mtu = 1300").hasPeers();
        large.callerSends(invite("X-Filler: " + "x".repeat(1_000)));
        large.passes(20);

        assertThat(java.util.HexFormat.of().formatHex(large.carried.get(0)).replaceFirst("(......).{16}", "$1KEY"))
                .isEqualTo("010100KEY" + "0000" + "0b" + "0673747265616d" + "040a000001" + "13c4" + "00");
    }
}
