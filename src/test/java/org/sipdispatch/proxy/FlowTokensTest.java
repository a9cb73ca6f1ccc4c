package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.proxy.FlowTokens.FlowToken;
import org.sipdispatch.sip.Ascii;
import org.sipdispatch.sip.ByteWriter;
import org.sipdispatch.sip.SipHash;
import org.sipdispatch.sip.SipParser;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipUri;
import org.sipdispatch.sip.TransactionKey;
import org.sipdispatch.transaction.Flow;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transaction.ListenSockets;
import org.sipdispatch.transaction.NextHop;
import org.sipdispatch.transaction.Protocol;
import org.sipdispatch.transaction.TransactionConnections;

class FlowTokensTest {
    private static final ListenSocket UDP = socket(0, Protocol.UDP, "192.0.2.10");
    private static final ListenSocket TCP6 = socket(1, Protocol.TCP, "[2001:db8::10]");
    private static final InetSocketAddress CLIENT = LaneFixture.address("203.0.113.255:65535");

    private final AtomicLong seconds = new AtomicLong(1_700_000_000);
    private final FlowTokens tokens = tokens(UDP, TCP6);

    private FlowTokens tokens(ListenSocket... sockets) {
        TransactionKey keys = new TransactionKey(SipHash.of("a secret for tests"));
        return new FlowTokens(keys, new ListenSockets(List.of(sockets), Set.of()), seconds::get);
    }

    private static ListenSocket socket(int index, Protocol protocol, String host) {
        return new ListenSocket(index, "s" + index, protocol, LaneFixture.address(host + ":5060"), host, 5060);
    }

    private String token(Flow flow) {
        byte[] text = Ascii.bytes(LaneFixture.request("REGISTER").replace("5060;branch", "5060;rport;branch"));
        ByteWriter out = new ByteWriter(100);
        tokens.writeTo(out, (SipRequest) SipParser.parse(text, 0, text.length), flow, true);
        return out.toString();
    }

    private static FlowToken read(FlowTokens reader, String token) {
        return reader.read(SipUri.parse("sip:192.0.2.10;lr;f=" + token), FlowTokens.TO_CALLEE, RouteTokens.NONE);
    }

    @Test
    void aTokenSaysWhichSocketLeadsToWhichAddress() {
        String token = token(new Flow(UDP, CLIENT, Flow.NO_CONNECTION));

        assertThat(read(tokens, token).hop()).isEqualTo(new NextHop(UDP, CLIENT));
        assertThat(read(tokens, token).recordRoute()).isTrue();
    }

    @Test
    void aTokenOfAConnectionHasItsAddress() {
        InetSocketAddress client = LaneFixture.address("[2001:db8::ffff:1]:33000");
        String token = token(new Flow(TCP6, client, 64));

        assertThat(read(tokens, token).hop()).isEqualTo(new NextHop(TCP6, client));
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void aTokenHasTheProtocolOfItsFlow(Protocol protocol) {
        ListenSocket[] all = new ListenSocket[Protocol.values().length];
        for (Protocol each : Protocol.values()) {
            all[each.ordinal()] = socket(each.ordinal(), each, "192.0.2.10");
        }
        ListenSocket own = all[protocol.ordinal()];

        NextHop hop = read(tokens(all), token(new Flow(own, CLIENT, 64))).hop();

        assertThat(hop).isEqualTo(new NextHop(own, CLIENT));
        assertThat(hop.connections())
                .isEqualTo(protocol == Protocol.UDP ? TransactionConnections.NONE : TransactionConnections.only(64));
        // Of a node whose first socket has another protocol.
        ListenSocket same = socket(1, protocol, "192.0.2.77");
        ListenSocket other = socket(0, protocol == Protocol.TLS ? Protocol.WSS : Protocol.TLS, "192.0.2.77");
        assertThat(read(tokens(other, same), token(new Flow(own, CLIENT, 64))).hop())
                .isEqualTo(new NextHop(same, CLIENT));
    }

    @Test
    void aNodeWithOtherSocketsUsesOneOfTheSameProtocolAndIpVersion() {
        ListenSocket other = socket(0, Protocol.TCP, "192.0.2.77");
        ListenSocket same = socket(1, Protocol.UDP, "192.0.2.77");
        String token = token(new Flow(UDP, CLIENT, Flow.NO_CONNECTION));

        assertThat(read(tokens(other, same), token).hop()).isEqualTo(new NextHop(same, CLIENT));
        assertThat(read(tokens(other), token).hop()).isNull();
    }

    /** A proxy in front of an IPv4 socket has clients with IPv6 addresses. */
    @Test
    void aTokenOfTheClientOfAProxyLeadsThroughItsSocketWhateverItsIpVersion() {
        ListenSocket six = socket(0, Protocol.WS, "[2001:db8::10]");
        ListenSocket behind = socket(1, Protocol.WS, "192.0.2.10").behind(address -> true);
        InetSocketAddress client = LaneFixture.address("[2001:db8::ffff:1]:33000");
        String token = token(new Flow(behind, client, 64));

        assertThat(read(tokens(six, behind), token).hop()).isEqualTo(new NextHop(behind, client));
        assertThat(read(tokens(six, socket(1, Protocol.WS, "192.0.2.10")), token)
                        .hop())
                .isEqualTo(new NextHop(six, client));
    }

    @Test
    void aChangedTokenIsNone() {
        String token = token(new Flow(UDP, CLIENT, Flow.NO_CONNECTION));

        for (int i = 0; i < token.length(); i++) {
            char other = token.charAt(i) == 'A' ? 'B' : 'A';
            FlowToken read = read(tokens, token.substring(0, i) + other + token.substring(i + 1));
            // The last character of the address has bits that are not part of it.
            assertThat(read == null || read.hop().remote().equals(CLIENT))
                    .as("character %d", i)
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "A",
                "AAAAAAAAAAA",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "BAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "%%%%%%%%%%%%%%%%%%%%%%%%%%%%"
            })
    void otherTextIsNone(String text) {
        assertThat(read(tokens, text)).isNull();
    }

    @Test
    void aTokenIsValidForThirtyDays() {
        String token = token(new Flow(UDP, CLIENT, Flow.NO_CONNECTION));

        seconds.addAndGet(30 * 24 * 60 * 60);
        assertThat(read(tokens, token)).isNotNull();
        seconds.incrementAndGet();
        assertThat(read(tokens, token)).isNull();
    }

    @Test
    void aTokenOfADialogIsValidOnlyBesideItsSeal() {
        FlowToken path = read(tokens, token(new Flow(UDP, CLIENT, Flow.NO_CONNECTION)));
        ByteWriter out = new ByteWriter(100);
        tokens.writeTo(out, path, 4711);
        SipUri uri = SipUri.parse("sip:192.0.2.10;lr;f=" + out);

        assertThat(tokens.read(uri, FlowTokens.TO_CALLEE, 4711)).isEqualTo(path);
        assertThat(tokens.read(uri, FlowTokens.TO_CALLEE, 4712)).isNull();
        assertThat(tokens.read(uri, FlowTokens.TO_CALLEE, RouteTokens.NONE)).isNull();
    }
}
