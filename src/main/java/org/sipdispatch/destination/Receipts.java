package org.sipdispatch.destination;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/**
 * Operators whose orders are done, but known to nobody else yet: whoever is told of success must not lose it with this
 * node. Not thread-safe.
 */
final class Receipts {
    private record Owed(Status status, Consumer<Status> reply) {}

    private final List<Owed> owed = new ArrayList<>();

    void owe(Status status, Consumer<Status> reply) {
        owed.add(new Owed(status, reply));
    }

    /** Somebody else has that version, and so all before it. */
    void spread(Version version) {
        for (Iterator<Owed> each = owed.iterator(); each.hasNext(); ) {
            Owed one = each.next();
            if (!one.status().version().isAfter(version)) {
                each.remove();
                one.reply().accept(one.status());
            }
        }
    }

    /** What the journal has kept is not lost with this node either. */
    void said(DestinationJournal.Answer answer) {
        if (answer instanceof DestinationJournal.Saved saved) {
            spread(saved.version());
        }
    }

    /** Nobody is waited for any longer. */
    void all() {
        owed.forEach(one -> one.reply().accept(one.status()));
        owed.clear();
    }

    boolean isEmpty() {
        return owed.isEmpty();
    }
}
