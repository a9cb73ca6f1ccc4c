package org.sipdispatch.operations;

import java.util.Map;
import java.util.stream.Collectors;
import org.sipdispatch.observation.DestinationTraffic;

/** How often each destination was the first that a request was to go to: {@code first_hit_counter}. */
public final class FirstHits {
    private final OperationContext here;

    FirstHits(OperationContext here) {
        this.here = here;
    }

    /** By the destinations' ids, for this node since its start; whoever is missing was never the first. */
    public Map<String, Long> answer() {
        return !here.hasTraffic()
                ? Map.of()
                : here.traffic().destinations().stream()
                        .collect(Collectors.toMap(
                                one -> one.destination().id(), DestinationTraffic::firstHits, Long::sum));
    }
}
