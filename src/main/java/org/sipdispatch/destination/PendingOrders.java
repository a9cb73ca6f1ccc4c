package org.sipdispatch.destination;

import java.util.ArrayList;
import java.util.List;
import org.sipdispatch.destination.DestinationActor.Command;

/** Orders that wait until this node may decide again. Not thread-safe. */
final class PendingOrders {
    private static final int MOST = 1000;

    private final List<Command> add = new ArrayList<>();

    /** Adds a message; drops it if too many wait, which is safe because its sender has had no reply. */
    void add(Command command) {
        if (add.size() < MOST) {
            add.add(command);
        }
    }

    List<Command> drain() {
        List<Command> all = List.copyOf(add);
        add.clear();
        return all;
    }
}
