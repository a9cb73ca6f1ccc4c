package org.sipdispatch.destination;

import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes a destination's changes to its journal, which may be unavailable for a long time or not exist. */
final class JournalWriter {
    private static final Logger LOG = LoggerFactory.getLogger(JournalWriter.class);

    private final String id;
    private final JournalAccess journal;
    private final JournalBuffer unsaved = new JournalBuffer();
    private final BooleanSupplier mayWrite;
    private Status inherited;
    /** Whether the content of the journal is known. */
    private boolean isKnown;
    /** Whether the journal accepts records; it may be read long before. */
    private boolean isOpen;

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
    JournalWriter(String id, JournalAccess journal, Status inherited, BooleanSupplier mayWrite) {
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
            other = learn(begun.newest(), version, isOpen);
            isOpen = true;
            unsaved.onJournalRestart(begun.newest());
        } else if (answer instanceof DestinationJournal.Found found) {
            other = learn(found.newest(), version, false);
        } else if (answer instanceof DestinationJournal.Saved saved) {
            unsaved.saved(saved.version());
        }
        caughtUp();
        send();
        return other;
    }

    /** {@code isRestart}: whether this actor has started with the journal as it was when it was opened before. */
    private Status learn(Status newest, StatusVersion version, boolean isRestart) {
        boolean isLate = isRestart
                && newest != null
                && version.isAfter(newest.version())
                && !version.isOfSameActor(newest.version());
        Status other = newest == null || isLate || unsaved.sent(newest.version()) ? null : later(newest, inherited);
        inherit(newest);
        if (isKnown && newest != null && !unsaved.sent(newest.version())) {
            // Perhaps it was not in the journal when this actor read it: another actor has written it since.
            supersededBy = newest.version();
        }
        isKnown = true;
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
        if (!isKnown || !mayWrite.getAsBoolean()) {
            return;
        }
        JournalEntry next = isOpen ? unsaved.next() : null;
        if (next != null) {
            journal.write(next);
        } else if (!isEmpty()) {
            journal.open();
        }
    }

    /** Opens the journal, so that the next record need not wait for that. */
    void open() {
        if (isKnown && journal != null) {
            journal.open();
        }
    }

    boolean isEmpty() {
        return unsaved.size() == 0;
    }

    int unsaved() {
        return unsaved.size();
    }
}
