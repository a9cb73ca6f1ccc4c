package org.sipdispatch.destination;

import akka.actor.typed.ActorRef;

/** What a destination's actor has for its journal, which may be away for long or not there at all. */
final class WayToJournal {
    private final ActorRef<DestinationJournal.Command> journal;
    private final Unsaved unsaved = new Unsaved();
    private boolean ready;

    /** The way to that journal; null for none. */
    WayToJournal(ActorRef<DestinationJournal.Command> journal) {
        this.journal = journal;
    }

    void add(Recorded recorded) {
        if (journal != null) {
            unsaved.add(recorded);
            send();
        }
    }

    /** The newest status that it has from another actor; null if it has none or says something else. */
    Status said(DestinationJournal.Answer answer) {
        Status another = null;
        if (answer instanceof DestinationJournal.Ready begun) {
            ready = true;
            Status newest = begun.newest();
            another = newest == null || unsaved.sent(newest.version()) ? null : newest;
            unsaved.begunAnew(newest);
        } else if (answer instanceof DestinationJournal.Saved saved) {
            unsaved.saved(saved.version());
        }
        send();
        return another;
    }

    private void send() {
        Recorded next = ready ? unsaved.next() : null;
        if (next != null) {
            journal.tell(new DestinationJournal.Write(next));
        }
    }

    boolean hasAll() {
        return unsaved.size() == 0;
    }

    int unsaved() {
        return unsaved.size();
    }
}
