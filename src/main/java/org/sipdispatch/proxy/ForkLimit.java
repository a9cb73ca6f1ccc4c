package org.sipdispatch.proxy;

import java.util.List;
import org.sipdispatch.observation.Limit;
import org.sipdispatch.observation.LimitReporter;
import org.sipdispatch.sets.Destination;

/**
 * Limits how many destinations get a request at once, because one request of a caller becomes that many.
 *
 * @param most the most destinations
 */
record ForkLimit(int most, LimitReporter limits) {
    /** The first ones of these destinations, as many as are admitted. */
    List<Destination> admitted(List<Destination> selected) {
        if (selected.size() <= most) {
            return selected;
        }
        limits.hit(
                Limit.MAX_BRANCHES,
                () -> selected.size() + " usable destinations of set "
                        + selected.get(0).setId() + " (expected: " + most
                        + " at most, or a higher limit); only the first "
                        + most + " get the request");
        return selected.subList(0, most);
    }
}
