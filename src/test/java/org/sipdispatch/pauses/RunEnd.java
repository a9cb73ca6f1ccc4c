package org.sipdispatch.pauses;

import java.util.Collection;
import java.util.stream.LongStream;

/** The end of a run, from which the time counts until everything must be equal again. */
public final class RunEnd {
    private RunEnd() {}

    /** The later of the end of the last pause and the start of the last order. */
    public static long atNs(Collection<Pause> pauses, Collection<RecordedOrder> orders) {
        return LongStream.concat(
                        pauses.stream().mapToLong(Pause::toNs), orders.stream().mapToLong(RecordedOrder::invokedNs))
                .max()
                .orElse(Long.MIN_VALUE);
    }
}
