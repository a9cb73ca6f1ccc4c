package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipdispatch.routing.RequestFacts;
import org.sipdispatch.routing.RoutingSettings;
import org.sipdispatch.sets.Algorithm;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.DestinationFacts;
import org.sipdispatch.sets.Ranking;
import org.sipdispatch.sets.SelectContext;
import org.sipdispatch.sets.SelectFlags;
import org.sipdispatch.sets.SelectTrace;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;
import org.sipdispatch.settings.Section;
import org.sipdispatch.sip.SipParser;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transaction.ListenSockets;
import org.sipdispatch.transaction.Protocol;

/** How the answers of several sets are merged into one list. */
class MergedSetSelectionTest {
    private static final ListenSockets SOCKETS = new ListenSockets(
            List.of(new ListenSocket(
                    0, "main", Protocol.UDP, new InetSocketAddress("127.0.0.1", 5060), "127.0.0.1", 5060)),
            Set.of());

    /** Set 1 has no usable destination; every other set returns two destinations with F and one without. */
    private static final SetSelector SETS = new SetSelector() {
        @Override
        public boolean rank(SetId set, Ranking ranking, SelectFlags flags, SelectContext context) {
            return ask(set, Algorithm.FIGURE, 0, flags, context);
        }

        @Override
        public DestinationFacts facts() {
            return DestinationFacts.NONE;
        }

        @Override
        public List<Destination> destinations() {
            return List.of();
        }

        @Override
        public boolean ask(SetId set, Algorithm algorithm, int hash, SelectFlags flags, SelectContext context) {
            int members = set.number() == 1 ? 0 : flags.failover() ? 2 : 1;
            List<Destination> candidates = new ArrayList<>();
            for (int i = 1; i <= members; i++) {
                String uri = "sip:10.0." + set.number() + "." + i;
                candidates.add(new Destination("default", set.number(), uri, null, 1, 0, set.number() + "." + i, ""));
            }
            context.selected(candidates);
            return true;
        }

        @Override
        public boolean isUnusable(Destination candidate) {
            return false;
        }

        @Override
        public SetView view(SetId set) {
            return null;
        }
    };

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "2 3, F F, 2.1 2.2 3.1 3.2",
                "2 3, F, 2.1 2.2 3.1 3.2",
                "2 3, none, 2.1",
                "2 3, F U, 2.1 2.2",
                "2 3, U F, 2.1 3.1 3.2",
                "1 3, none, 3.1",
                "1 2 3, U, 2.1",
            })
    void setsWithoutFlagFStandInButAreNoFailover(String sets, String flags, String expected) {
        Config config = ConfigFactory.parseString(
                        "sip-dispatcher.rules = [ { select { set = \"" + sets.replace(' ', ',') + "\", flags = \""
                                + (flags == null ? "" : flags.replace(' ', ',')) + "\" } } ]")
                .withFallback(ConfigFactory.defaultReference())
                .getConfig("sip-dispatcher");
        RoutingSettings routing = RoutingSettings.from(Section.root(config));
        LaneSetup setup = new LaneSetup(0, 1, null, routing, SOCKETS, 0);
        List<String> given = new ArrayList<>();

        new Selector(setup, SETS, null)
                .select(
                        routing.rules().all().get(0).plan(),
                        facts(),
                        false,
                        SelectTrace.NONE,
                        candidates ->
                                candidates.stream().map(Destination::attrs).forEach(given::add));

        assertThat(String.join(" ", given)).isEqualTo(expected);
    }

    private static RequestFacts facts() {
        byte[] bytes = """
                INVITE sip:a@b SIP/2.0
                Via: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK1
                From: <sip:a@b>;tag=1
                To: <sip:a@b>
                Call-ID: 1
                CSeq: 1 INVITE

                """.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);
        SipRequest request = (SipRequest) SipParser.parse(bytes, 0, bytes.length);
        return new RequestFacts(request, new InetSocketAddress("127.0.0.1", 5062), "main", null);
    }
}
