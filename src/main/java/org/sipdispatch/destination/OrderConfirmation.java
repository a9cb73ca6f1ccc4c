package org.sipdispatch.destination;

import java.util.function.Consumer;

/**
 * Confirms the executed orders of a destination. A majority of the nodes must have the status: the next actor starts
 * from what they know and does not wait for the journal. The journal confirms only the orders of a node that is alone in
 * its cluster. Not thread-safe.
 */
final class OrderConfirmation {
    /** Longer than a write to the nodes is tried. */
    private static final int CHECKS_PER_WRITE = 10;

    private final DestinationActorContext destination;
    private final PendingOrderReplies pending = new PendingOrderReplies();
    private int checks;

    OrderConfirmation(DestinationActorContext destination) {
        this.destination = destination;
    }

    void add(Status status, Consumer<Status> reply) {
        pending.add(status, reply);
        destination.scheduleConfirmationCheck();
    }

    /**
     * A majority of the nodes has this version.
     *
     * @param present the version of this actor. If another actor of its term has a newer one, this actor's orders count
     *     only in the next term, which it begins then
     */
    void replicated(StatusVersion version, StatusVersion present) {
        if (!destination.isOutdatedInSameTerm(present)) {
            pending.replicated(version);
        }
    }

    void onJournalReply(DestinationJournal.Reply answer) {
        if (!pending.isEmpty()) {
            pending.onJournalReply(answer);
            confirmIfAlone();
        }
    }

    private boolean confirmIfAlone() {
        boolean alone = destination.setup().replicator().isAlone();
        if (alone) {
            pending.confirmSaved();
        }
        return alone;
    }

    /** Checks again whether this node is alone; if not, writes the status to the nodes again from time to time. */
    void check(Status present) {
        boolean alone = confirmIfAlone();
        if (pending.isEmpty()) {
            checks = 0;
            return;
        }
        checks++;
        if (!alone && checks % CHECKS_PER_WRITE == 0) {
            destination.publish(present, true);
        }
        destination.scheduleConfirmationCheck();
    }

    /** Sends all replies without further waiting. */
    void sendAll() {
        pending.sendAll();
    }

    boolean isEmpty() {
        return pending.isEmpty();
    }
}
