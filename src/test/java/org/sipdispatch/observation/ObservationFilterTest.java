package org.sipdispatch.observation;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sipdispatch.destination.Observation;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;
import org.slf4j.LoggerFactory;

/** What the log says of the cause if no destination of a set can be reached. */
class ObservationFilterTest {
    private static final String NO_DESTINATION = "no destination of set default:1 can be reached from here: ";

    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger log = (Logger) LoggerFactory.getLogger(ObservationFilter.class);
    private final TlsHandshakes handshakes = new TlsHandshakes();
    private long nowMs = 100_000;
    private final ObservationFilter filter =
            new ObservationFilter(true, () -> nowMs, seen -> {}, new LaneCounters(new Limits()), handshakes);

    @BeforeEach
    void listen() {
        lines.start();
        log.addAppender(lines);
    }

    @AfterEach
    void stop() {
        log.detachAppender(lines);
    }

    private void allFail(String parameters) {
        List<Destination> all = List.of("sip:d1", "sip:d2").stream()
                .map(uri -> new Destination("default", 1, uri + parameters, null, 1, 0, "", ""))
                .toList();
        filter.replace(List.of(SetView.of(
                new SetId("default", 1),
                all.stream().map(one -> new SetView.SetMember(one, true)).toList())));
        filter.accept(all.stream()
                .map(one -> new Observation(one, 0, 1, 1, true, 503))
                .toList());
        nowMs += 1_000;
        filter.tick();
    }

    private List<String> told() {
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void failedHandshakesAreNamed() {
        handshakes.failed(TlsHandshakes.Side.CLIENT, TlsFailure.UNKNOWN_CA, nowMs, () -> "to d1");

        allFail(";transport=tls");

        assertThat(told())
                .containsExactly(NO_DESTINATION + "TLS handshakes with servers fail (unknown_ca), so this node's"
                        + " certificates and authorities are suspected, or its clock");
    }

    @Test
    void handshakesOfOtherSetsAndOfClientsAndFormerOnesAreNot() {
        handshakes.failed(TlsHandshakes.Side.CLIENT, TlsFailure.UNKNOWN_CA, nowMs, () -> "to d3");
        allFail("");
        assertThat(told()).containsExactly(NO_DESTINATION + "this node's network is suspected");

        nowMs += 60_000;
        filter.tick();
        handshakes.failed(TlsHandshakes.Side.SERVER, TlsFailure.UNKNOWN_CA, nowMs, () -> "from a client");
        allFail(";transport=tls");
        assertThat(told()).last().isEqualTo(NO_DESTINATION + "this node's network is suspected");
    }
}
