package org.sipdispatch.operations;

import java.util.Map;
import java.util.stream.Collectors;
import org.sipdispatch.observation.DestinationTraffic;

/** Counts how often each destination was the first choice for a request: {@code first_hit_counter}. */
public final class FirstHits {
    private final OperationContext context;

    FirstHits(OperationContext context) {
        this.context = context;
    }

    /**
     * The counts by destination id, for this node since its start. A missing destination was never the first choice.
     */
    public Map<String, Long> answer() {
        return !context.hasTraffic()
                ? Map.of()
                : context.traffic().destinations().stream()
                        .collect(Collectors.toMap(
                                one -> one.destination().id(), DestinationTraffic::firstHits, Long::sum));
    }
}
