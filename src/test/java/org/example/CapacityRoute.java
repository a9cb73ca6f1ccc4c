package org.example;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sipdispatch.spi.AlgoDestination;
import org.sipdispatch.spi.AlgoRequest;
import org.sipdispatch.spi.AlgoRoute;

/**
 * An example of an algorithm of your own. Selects the destination with the smallest part of its capacity in use, which
 * its attributes give: {@code max=30}. A destination that is full comes last; one without a capacity is never full.
 * Requests with the header field {@code X-Urgent} may use destinations beyond their capacity.
 */
public final class CapacityRoute implements AlgoRoute {
    private static final Pattern MAX = Pattern.compile("\\bmax=(\\d{1,9})");

    @Override
    public String name() {
        return "capacity";
    }

    @Override
    public long value(AlgoRequest request, AlgoDestination destination) {
        Matcher max = MAX.matcher(destination.attrs());
        if (!max.find()) {
            return 0;
        }
        long capacity = Long.parseLong(max.group(1));
        long used = destination.figure("$stat(in_flight:%u)");
        boolean full = used >= capacity && request.header("X-Urgent") == null;
        return full ? -1 : 100 * used / Math.max(1, capacity);
    }
}
