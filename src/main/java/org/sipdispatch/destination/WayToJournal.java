package org.sipdispatch.destination;

import akka.actor.typed.ActorRef;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a destination's actor has for its journal, which may be away for long or not there at all. */
final class WayToJournal {
    private static final Logger LOG = LoggerFactory.getLogger(WayToJournal.class);

    private final String id;
    private final ActorRef<DestinationJournal.Command> journal;
    private final Unsaved unsaved = new Unsaved();
    private final BooleanSupplier mayWrite;
    private Status inherited;
    private boolean ready;
    private long dropped;
    private Version another = Version.NONE;

    /**
     * The way to that journal; null for none.
     *
     * @param id of the destination
     * @param inherited what an actor before this one left, perhaps without having written it down; null for nothing
     * @param mayWrite whether anything may be written now
     */
    WayToJournal(String id, ActorRef<DestinationJournal.Command> journal, Status inherited, BooleanSupplier mayWrite) {
        this.id = id;
        this.journal = journal;
        this.mayWrite = mayWrite;
        this.inherited = inherited;
    }

    void add(Recorded recorded) {
        if (journal != null) {
            dropped(unsaved.add(recorded));
            send();
        }
    }

    private void dropped(Recorded recorded) {
        if (recorded == null) {
            return;
        }
        dropped++;
        if (recorded.kind().isOrdered()) {
            LOG.warn(
                    "{}: too many changes wait for the journal; it will not have: {} by {}, {}",
                    id,
                    recorded.status().state().text(),
                    recorded.status().who(),
                    recorded.status().why());
        } else if (dropped == 1) {
            LOG.warn(
                    "{}: {} changes wait for the journal; it will not have the oldest that pings or traffic made",
                    id,
                    Unsaved.MOST);
        }
    }

    /** Says how much is missing once the rest is there. */
    private void caughtUp() {
        if (dropped > 0 && hasAll()) {
            LOG.warn("{}: the journal has caught up, but for {} changes that were dropped", id, dropped);
            dropped = 0;
        }
    }

    /** The newest status from another actor, once the journal has any; null if there is none. */
    Status said(DestinationJournal.Answer answer) {
        Status other = null;
        if (answer instanceof DestinationJournal.Ready begun) {
            Status newest = begun.newest();
            other = newest == null || unsaved.sent(newest.version()) ? null : later(newest, inherited);
            inherit(newest);
            if (ready && newest != null && !unsaved.sent(newest.version())) {
                // It was not there when this actor opened the journal: somebody has written it since.
                another = newest.version();
            }
            ready = true;
            unsaved.begunAnew(newest);
        } else if (answer instanceof DestinationJournal.Saved saved) {
            unsaved.saved(saved.version());
        }
        caughtUp();
        send();
        return other;
    }

    /** Whether an actor that took the destination up after that version has written into the journal. */
    boolean isSuperseded(Version version) {
        return another.isAfter(version) && !another.isOfSameTerm(version);
    }

    /** This node may write again. */
    void goOn() {
        send();
    }

    private static Status later(Status one, Status other) {
        return other != null && other.version().isAfter(one.version()) ? other : one;
    }

    /** The nodes may know what the journal does not: who wrote it down last may have ended while it was away. */
    private void inherit(Status newest) {
        if (inherited != null
                && (newest == null || inherited.version().isAfter(newest.version()))
                && !inherited.saysTheSameAs(newest)) {
            unsaved.addFirst(new Recorded(kind(newest), inherited, inherited.sinceMs()));
        }
        inherited = null;
    }

    private Recorded.Kind kind(Status newest) {
        boolean shown = newest == null
                || newest.state() != inherited.state()
                || newest.busy() != inherited.busy()
                || newest.sinceMs() != inherited.sinceMs();
        return shown ? Recorded.Kind.TRANSITION : Recorded.Kind.COUNT;
    }

    private void send() {
        Recorded next = ready && mayWrite.getAsBoolean() ? unsaved.next() : null;
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
