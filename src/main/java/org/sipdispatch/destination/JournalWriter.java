package org.sipdispatch.destination;

import akka.actor.typed.ActorRef;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes a destination's changes to its journal, which may be unavailable for a long time or not exist. */
final class JournalWriter {
    private static final Logger LOG = LoggerFactory.getLogger(JournalWriter.class);

    private final String id;
    private final ActorRef<DestinationJournal.Command> journal;
    private final JournalBuffer unsaved = new JournalBuffer();
    private final BooleanSupplier mayWrite;
    private Status inherited;
    private boolean ready;
    private long dropped;
    private StatusVersion supersededBy = StatusVersion.NONE;

    /**
     * Creates a writer.
     *
     * @param id of the destination
     * @param journal null for none
     * @param inherited the status of an earlier actor, which may not be in the journal; null for none
     * @param mayWrite whether this node may write now
     */
    JournalWriter(String id, ActorRef<DestinationJournal.Command> journal, Status inherited, BooleanSupplier mayWrite) {
        this.id = id;
        this.journal = journal;
        this.mayWrite = mayWrite;
        this.inherited = inherited;
    }

    void add(JournalEntry recorded) {
        if (journal != null) {
            dropped(unsaved.add(recorded));
            send();
        }
    }

    private void dropped(JournalEntry recorded) {
        if (recorded == null) {
            return;
        }
        dropped++;
        if (recorded.cause().isOrdered()) {
            LOG.warn(
                    "{}: too many changes wait for the journal; this one is dropped: {} by {}, {}",
                    id,
                    recorded.status().state().text(),
                    recorded.status().who(),
                    recorded.status().why());
        } else if (dropped == 1) {
            LOG.warn(
                    "{}: {} changes wait for the journal; the oldest changes by pings and traffic are dropped",
                    id,
                    JournalBuffer.MOST);
        }
    }

    /** Logs how many changes are missing once the journal has the rest. */
    private void caughtUp() {
        if (dropped > 0 && isEmpty()) {
            LOG.warn("{}: the journal has all changes, except for {} that were dropped", id, dropped);
            dropped = 0;
        }
    }

    /**
     * Handles a reply; returns the newest status from another actor when the journal has recovered, else null. A record
     * of an earlier actor that comes late was superseded when this actor started with the journal as it was.
     *
     * @param version the version of this actor's status
     */
    Status onReply(DestinationJournal.Reply answer, StatusVersion version) {
        Status other = null;
        if (answer instanceof DestinationJournal.Ready begun) {
            Status newest = begun.newest();
            boolean isLate = ready
                    && newest != null
                    && version.isAfter(newest.version())
                    && !version.isOfSameActor(newest.version());
            other = newest == null || isLate || unsaved.sent(newest.version()) ? null : later(newest, inherited);
            inherit(newest);
            if (ready && newest != null && !unsaved.sent(newest.version())) {
                // It was not in the journal when this actor opened it: another actor has written it since.
                supersededBy = newest.version();
            }
            ready = true;
            unsaved.onJournalRestart(newest);
        } else if (answer instanceof DestinationJournal.Saved saved) {
            unsaved.saved(saved.version());
        }
        caughtUp();
        send();
        return other;
    }

    /** Whether an actor with a later term than this version has written into the journal. */
    boolean isSuperseded(StatusVersion version) {
        return supersededBy.isOfLaterTerm(version);
    }

    /** Continues to write after this node may decide again. */
    void resume() {
        send();
    }

    private static Status later(Status one, Status other) {
        return other != null && other.version().isAfter(one.version()) ? other : one;
    }

    /** The replicated status may be missing in the journal: its actor may have stopped while the database was down. */
    private void inherit(Status newest) {
        if (inherited != null
                && (newest == null || inherited.version().isAfter(newest.version()))
                && !inherited.equalsIgnoringVersion(newest)) {
            unsaved.addFirst(new JournalEntry(kind(newest), inherited, inherited.sinceMs()));
        }
        inherited = null;
    }

    private JournalEntry.ChangeCause kind(Status newest) {
        boolean shown = newest == null
                || newest.state() != inherited.state()
                || newest.busy() != inherited.busy()
                || newest.sinceMs() != inherited.sinceMs();
        return shown ? JournalEntry.ChangeCause.TRANSITION : JournalEntry.ChangeCause.COUNT;
    }

    private void send() {
        JournalEntry next = ready && mayWrite.getAsBoolean() ? unsaved.next() : null;
        if (next != null) {
            journal.tell(new DestinationJournal.WriteEntry(next));
        }
    }

    boolean isEmpty() {
        return unsaved.size() == 0;
    }

    int unsaved() {
        return unsaved.size();
    }
}
