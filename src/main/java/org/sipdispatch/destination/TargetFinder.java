package org.sipdispatch.destination;

import java.util.function.Consumer;
import org.sipdispatch.sets.Destination;

/** Finds the addresses of host names. Thread-safe. */
@FunctionalInterface
public interface TargetFinder {
    /**
     * Asks the name servers for the addresses of a destination whose URI has a host name.
     *
     * @param then receives the answer once, on any thread
     */
    void find(Destination destination, Consumer<FoundTargets> then);
}
