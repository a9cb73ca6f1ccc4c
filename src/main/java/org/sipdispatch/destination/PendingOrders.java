package org.sipdispatch.destination;

import java.util.ArrayList;
import java.util.List;
import org.sipdispatch.destination.DestinationActor.Command;

/** Orders that wait until this node may decide again. Not thread-safe. */
final class PendingOrders {
    private static final int MOST = 1000;

    private final List<Command> later = new ArrayList<>();

    /** Is to be handled when this node may decide again; dropped where too many wait, as nobody has been told that it was done. */
    void later(Command command) {
        if (later.size() < MOST) {
            later.add(command);
        }
    }

    List<Command> takeLater() {
        List<Command> all = List.copyOf(later);
        later.clear();
        return all;
    }
}
