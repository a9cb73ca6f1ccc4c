package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.ToLongBiFunction;
import org.example.CapacityRoute;
import org.junit.jupiter.api.Test;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.observation.LaneCounters;
import org.sipdispatch.observation.Limits;
import org.sipdispatch.routing.RequestFacts;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.DestinationFacts;
import org.sipdispatch.sets.FigurePattern;
import org.sipdispatch.sets.Ranking;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;
import org.sipdispatch.sip.SipParser;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.spi.AlgoDestination;
import org.sipdispatch.spi.AlgoRequest;
import org.sipdispatch.spi.AlgoRoute;

/** The call of an extension's algorithm: what it receives, and that its faults stay contained. */
class AlgoRouteTest {
    private static final SetView SET = SetView.of(
            new SetId("trunks", 7),
            List.of(
                    new SetView.SetMember(
                            new Destination(
                                    "trunks", 7, "sip:ping@10.0.0.1:5060;transport=udp", null, 5, 2, "max=4", ""),
                            true),
                    new SetView.SetMember(new Destination("trunks", 7, "sip:10.0.0.2", null, 1, 1, "max=10", ""), true),
                    new SetView.SetMember(new Destination("trunks", 7, "sip:10.0.0.3", null, 1, 0, "", ""), false)));

    /** Each destination has as many calls as its set's number, and attributes that name it. */
    private static final DestinationFacts FACTS = new DestinationFacts() {
        @Override
        public LongSupplier reader(FigurePattern figure, Destination destination) {
            return () -> figure.measured() == null ? 99 : destination.set();
        }

        @Override
        public String scriptAttrs(Destination destination) {
            return "pushed=" + destination.uri();
        }
    };

    private record Route(String name, ToLongBiFunction<AlgoRequest, AlgoDestination> function) implements AlgoRoute {
        @Override
        public long value(AlgoRequest request, AlgoDestination destination) {
            return function.applyAsLong(request, destination);
        }
    }

    private final LaneCounters counters = new LaneCounters(new Limits());
    private long nowMicros = 1_000_000;
    private final AlgoRouteFailureLog monitor = new AlgoRouteFailureLog(counters, () -> nowMicros);

    private long[] values(AlgoRoute route) {
        return new AlgoRouteRanking(route, facts(), new AlgoRouteRanking.RouteFigures(FACTS), monitor)
                .values(SET, SET.size());
    }

    private long[] values(ToLongBiFunction<AlgoRequest, AlgoDestination> function) {
        return values(new Route("test", function));
    }

    private static RequestFacts facts() {
        byte[] bytes = """
                INVITE sip:bob@example.com SIP/2.0
                Via: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK1
                From: <sip:alice@example.org>;tag=1
                To: <sip:bob@example.com>
                Call-ID: call-1
                CSeq: 1 INVITE
                X-Tenant: gold

                """.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);
        SipRequest request = (SipRequest) SipParser.parse(bytes, 0, bytes.length);
        return new RequestFacts(request, new InetSocketAddress("192.0.2.1", 5062), "main", null);
    }

    @Test
    void itReceivesTheRequestAndEachUsableDestination() {
        StringBuilder seen = new StringBuilder();

        long[] values = values((request, destination) -> {
            seen.append(String.join(
                            " ",
                            request.method(),
                            request.requestUri(),
                            request.fromUri(),
                            request.toUri(),
                            request.callId(),
                            request.header("x-tenant"),
                            String.valueOf(request.header("X-None")),
                            request.source().getHostString(),
                            request.socket()))
                    .append('\n');
            seen.append(String.join(
                            " ",
                            destination.partition(),
                            String.valueOf(destination.set()),
                            destination.uri(),
                            destination.dstUri(),
                            destination.attrs(),
                            destination.scriptAttrs(),
                            String.valueOf(destination.weight()),
                            String.valueOf(destination.priority())))
                    .append('\n');
            return destination.figure("$stat(in_flight:%u)") + destination.figure("$figure(load:%u)");
        });

        String request =
                "INVITE sip:bob@example.com sip:alice@example.org sip:bob@example.com call-1 gold null 192.0.2.1"
                        + " main\n";
        assertThat(seen)
                .hasToString(request
                        + "trunks 7 sip:ping@10.0.0.1:5060;transport=udp sip:10.0.0.1:5060;transport=udp max=4"
                        + " pushed=sip:ping@10.0.0.1:5060;transport=udp 5 2\n"
                        + request
                        + "trunks 7 sip:10.0.0.2 sip:10.0.0.2 max=10 pushed=sip:10.0.0.2 1 1\n");
        assertThat(values).startsWith(106, 106);
    }

    @Test
    void aNegativeValueMovesADestinationToTheEnd() {
        assertThat(values((request, destination) -> destination.weight() == 5 ? -1 : 3))
                .startsWith(Ranking.LAST, 3);
    }

    @Test
    void theExampleComparesThePartsOfTheCapacityInUse() {
        assertThat(values(new CapacityRoute())).startsWith(Ranking.LAST, 70);
    }

    @Test
    void anExceptionFailsTheSetAndIsCounted() {
        assertThat(values((request, destination) -> {
                    throw new IllegalStateException("a fault of an extension, for a test");
                }))
                .isNull();
        assertThat(values((request, destination) -> {
                    throw new NoClassDefFoundError("a fault of an extension, for a test");
                }))
                .isNull();
        assertThat(values((request, destination) -> destination.figure("load"))).isNull();

        assertThat(counters.get(LaneCounter.ALGO_ROUTES_FAILED)).isEqualTo(3);
    }

    @Test
    void oneThatTakesTenMillisecondsIsCounted() {
        values((request, destination) -> nowMicros += 4_999);
        assertThat(counters.get(LaneCounter.ALGO_ROUTES_SLOW)).isZero();

        values((request, destination) -> nowMicros += 5_000);
        assertThat(counters.get(LaneCounter.ALGO_ROUTES_SLOW)).isEqualTo(1);
        assertThat(counters.get(LaneCounter.ALGO_ROUTES_FAILED)).isZero();
    }
}
