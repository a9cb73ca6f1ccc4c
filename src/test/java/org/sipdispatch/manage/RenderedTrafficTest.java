package org.sipdispatch.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.sipdispatch.operations.NodeQueries;
import org.sipdispatch.operations.OperationException;

class RenderedTrafficTest {
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicLong nanos = new AtomicLong();
    private final RenderedTraffic traffic = new RenderedTraffic(this::read, nanos::get);

    private NodeQueries.TrafficCounters read() {
        return new NodeQueries.TrafficCounters(reads.incrementAndGet(), Map.of(), 0, List.of(), Map.of(), Map.of());
    }

    @Test
    void itIsRenderedOnceForAllClients() {
        List<String> events = IntStream.range(0, EventClients.MOST)
                .parallel()
                .mapToObj(i -> {
                    TrafficEvents client = new TrafficEvents(traffic);
                    client.begin();
                    return client.next();
                })
                .distinct()
                .toList();

        assertThat(events).hasSize(1);
        assertThat(events.get(0)).startsWith("event: traffic\ndata: {\"atMs\":1,");
        assertThat(reads).hasValue(1);
    }

    @Test
    void aClientGetsAnotherOneEachTimeThatItIsDue() {
        TrafficEvents client = new TrafficEvents(traffic);
        client.begin();
        String first = client.next();
        assertThat(client.next()).isNull();

        nanos.addAndGet(EventStage.Intervals.DEFAULT.traffic().toNanos() / 2);
        client.due();

        assertThat(client.next()).isNotNull().isNotEqualTo(first);
    }

    @Test
    void beforeCallsAreTakenThereIsNone() {
        RenderedTraffic refused = new RenderedTraffic(
                () -> {
                    throw new OperationException(OperationException.RefusalReason.UNAVAILABLE, "node: starting");
                },
                nanos::get);
        TrafficEvents client = new TrafficEvents(refused);
        client.begin();

        assertThat(client.next()).isNull();
        assertThatThrownBy(refused::event).isInstanceOf(OperationException.class);
    }
}
