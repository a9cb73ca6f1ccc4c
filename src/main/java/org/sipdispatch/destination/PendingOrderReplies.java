package org.sipdispatch.destination;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/**
 * The pending replies to operators whose orders are executed but not known elsewhere yet: an order that was confirmed
 * must not be lost with this node. Not thread-safe.
 */
final class PendingOrderReplies {
    private record PendingReply(Status status, Consumer<Status> reply) {}

    private final List<PendingReply> pending = new ArrayList<>();
    private StatusVersion saved = StatusVersion.NONE;

    void add(Status status, Consumer<Status> reply) {
        pending.add(new PendingReply(status, reply));
    }

    /** A majority of the nodes has this version, and so all before it: sends the replies up to it. */
    void replicated(StatusVersion version) {
        for (Iterator<PendingReply> each = pending.iterator(); each.hasNext(); ) {
            PendingReply one = each.next();
            if (!one.status().version().isAfter(version)) {
                each.remove();
                one.reply().accept(one.status());
            }
        }
    }

    /**
     * Records what the journal has. A journal that restarts after a commit without an answer shows that version. Of this
     * node's versions the later ones include the orders of the earlier ones, in later terms too; a version of another
     * node may be from an actor without them.
     */
    void onJournalReply(DestinationJournal.Reply answer) {
        if (answer instanceof DestinationJournal.Saved one) {
            saved(one.version());
        } else if (answer instanceof DestinationJournal.Ready ready && ready.newest() != null) {
            saved(ready.newest().version());
        }
    }

    private void saved(StatusVersion version) {
        boolean isOwn = pending.stream().anyMatch(one -> one.status().version().node() == version.node());
        saved = isOwn && version.isAfter(saved) ? version : saved;
    }

    /** The journal alone preserves orders now: sends the replies up to what it has. */
    void confirmSaved() {
        replicated(saved);
    }

    /** Sends all replies without further waiting. */
    void sendAll() {
        pending.forEach(one -> one.reply().accept(one.status()));
        pending.clear();
    }

    boolean isEmpty() {
        return pending.isEmpty();
    }
}
