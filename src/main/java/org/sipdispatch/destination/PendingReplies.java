package org.sipdispatch.destination;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/**
 * The pending replies to operators whose orders are executed but not known elsewhere yet: an order that was confirmed
 * must not be lost with this node. Not thread-safe.
 */
final class PendingReplies {
    private record PendingReply(Status status, Consumer<Status> reply) {}

    private final List<PendingReply> pending = new ArrayList<>();

    void add(Status status, Consumer<Status> reply) {
        pending.add(new PendingReply(status, reply));
    }

    /** Other nodes have this version, and so all before it: sends the replies up to it. */
    void replicated(Version version) {
        sendUpTo(version, false);
    }

    private void sendUpTo(Version version, boolean onlyOfItsActor) {
        for (Iterator<PendingReply> each = pending.iterator(); each.hasNext(); ) {
            PendingReply one = each.next();
            Version waits = one.status().version();
            if (!waits.isAfter(version) && (!onlyOfItsActor || waits.isOfSameActor(version))) {
                each.remove();
                one.reply().accept(one.status());
            }
        }
    }

    /**
     * What the journal has saved is not lost with this node either. A journal that restarts after a commit without an
     * answer shows that version; a version of another term may be from an actor that does not know the order.
     */
    void onJournalReply(DestinationJournal.Reply answer) {
        if (answer instanceof DestinationJournal.Saved saved) {
            replicated(saved.version());
        } else if (answer instanceof DestinationJournal.Ready ready && ready.newest() != null) {
            sendUpTo(ready.newest().version(), true);
        }
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
