package org.sipdispatch.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.destination.Status;
import org.sipdispatch.limits.CallLimits;
import org.sipdispatch.limits.LimitUse;
import org.sipdispatch.replication.DestinationsSnapshot;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.LimitValues;

/** The metrics of limits of calls. */
class LimitFamiliesTest {
    private static final Destination FIRST = destination("sip:10.0.0.1");
    private static final Destination SECOND = destination("sip:10.0.0.2");
    private static final Destination THIRD = destination("sip:10.0.0.3");

    private static Destination destination(String uri) {
        return new Destination("default", 1, uri, null, 1, 0, "", "");
    }

    private static DestinationsSnapshot.KnownDestination known(Destination destination) {
        Definition definition = new Definition(destination, DestinationState.ACTIVE, false, 0, 1, 7, "", false);
        return new DestinationsSnapshot.KnownDestination(definition, Status.initial(DestinationState.ACTIVE, 0));
    }

    /** The metrics of limits if one destination has its own labels. */
    private static List<String> rendered(ScrapeData reading) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(out, Metrics.snapshots(reading, new CardinalityLimit(1), 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString(StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.replace("sip_dispatcher_", ""))
                .filter(line -> line.matches("(destination_limit|destination_capacity|source_limit)_.*"))
                .toList();
    }

    private static LimitUse use(String name, CallLimits.Kind kind, LimitValues values) {
        return new LimitUse(name, kind, values, 12, 3, 8, 5);
    }

    @Test
    void limitsHaveTheLabelsOfTheirDestinationOrSource() {
        LimitValues ten = LimitValues.of(10, 0, 0);
        ScrapeData reading = new ScrapeData(
                DestinationsSnapshot.of(7, List.of(known(FIRST), known(SECOND), known(THIRD))),
                List.of(),
                Map.of(),
                List.of(
                        use(FIRST.id(), CallLimits.Kind.DESTINATION, LimitValues.of(500, 50, 10)),
                        use(FIRST.id() + " / pstn", CallLimits.Kind.CAPACITY, LimitValues.of(30, 0, 0)),
                        use(SECOND.id(), CallLimits.Kind.DESTINATION, ten),
                        use(THIRD.id(), CallLimits.Kind.DESTINATION, ten),
                        use("default:9:sip:gone", CallLimits.Kind.DESTINATION, ten),
                        use("source:acme", CallLimits.Kind.SOURCE, LimitValues.of(0, 20, 4))),
                new ProbeCounts(),
                ScrapeData.empty().node());
        String others = "partition=\"default\",set=\"1\",uri=\"other\"";
        String rest = "set=\"1\",uri=\"sip:10.0.0.1\"";
        String first = "partition=\"default\",set=\"1\",uri=\"sip:10.0.0.1\"";

        assertThat(rendered(reading))
                .containsExactlyInAnyOrder(
                        "destination_limit_max_calls{" + first + "} 500.0",
                        "destination_limit_max_calls{" + others + "} 20.0",
                        "destination_limit_max_cps{" + first + "} 50.0",
                        "destination_limit_calls{" + first + "} 12.0",
                        "destination_limit_calls{" + others + "} 24.0",
                        "destination_limit_calls_elsewhere{" + first + "} 3.0",
                        "destination_limit_calls_elsewhere{" + others + "} 6.0",
                        "destination_limit_free_places{" + first + "} 8.0",
                        "destination_limit_free_places{" + others + "} 16.0",
                        "destination_limit_hits_total{" + first + "} 5.0",
                        "destination_limit_hits_total{" + others + "} 10.0",
                        "destination_capacity_max_calls{partition=\"default\",resource=\"pstn\"," + rest + "} 30.0",
                        "destination_capacity_calls{partition=\"default\",resource=\"pstn\"," + rest + "} 12.0",
                        "destination_capacity_calls_elsewhere{partition=\"default\",resource=\"pstn\"," + rest
                                + "} 3.0",
                        "destination_capacity_free_places{partition=\"default\",resource=\"pstn\"," + rest + "} 8.0",
                        "destination_capacity_hits_total{partition=\"default\",resource=\"pstn\"," + rest + "} 5.0",
                        "source_limit_max_cps{source=\"acme\"} 20.0",
                        "source_limit_calls{source=\"acme\"} 12.0",
                        "source_limit_calls_elsewhere{source=\"acme\"} 3.0",
                        "source_limit_hits_total{source=\"acme\"} 5.0");
    }
}
