package org.sipdispatch.destination;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/**
 * The pending replies to operators whose orders are executed but not known elsewhere yet: an order that was confirmed
 * must not be lost with this node. Not thread-safe.
 */
final class Receipts {
    private record Owed(Status status, Consumer<Status> reply) {}

    private final List<Owed> owed = new ArrayList<>();

    void owe(Status status, Consumer<Status> reply) {
        owed.add(new Owed(status, reply));
    }

    /** Other nodes have this version, and so all before it: sends the replies up to it. */
    void spread(Version version) {
        for (Iterator<Owed> each = owed.iterator(); each.hasNext(); ) {
            Owed one = each.next();
            if (!one.status().version().isAfter(version)) {
                each.remove();
                one.reply().accept(one.status());
            }
        }
    }

    /** What the journal has saved is not lost with this node either. */
    void said(DestinationJournal.Answer answer) {
        if (answer instanceof DestinationJournal.Saved saved) {
            spread(saved.version());
        }
    }

    /** Sends all replies without further waiting. */
    void all() {
        owed.forEach(one -> one.reply().accept(one.status()));
        owed.clear();
    }

    boolean isEmpty() {
        return owed.isEmpty();
    }
}
