package org.sipdispatch.sets;

import java.util.function.IntConsumer;

/**
 * Tells one reader of a figure of a set's members which values have changed, so that it need not read all of them again.
 * For one thread.
 */
public interface FigureChanges {
    /** Nothing is known: any value may have changed. */
    FigureChanges UNKNOWN = changed -> false;

    /**
     * Passes the index of each member whose value may have changed since the last call; an index may be passed twice. A
     * value that is read afterwards is at least as new as the changes until this call.
     *
     * @return false if any value may have changed, as at the first call: all must be read
     */
    boolean take(IntConsumer changed);
}
