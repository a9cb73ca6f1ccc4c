package org.sipdispatch.destination;

import akka.actor.typed.ActorRef;
import org.sipdispatch.destination.DestinationActor.JournalReply;

/** The journal as a child of the destination's actor, which starts when it is opened. */
final class ChildJournal implements JournalAccess {
    private final DestinationActorContext destination;
    private final ActorRef<DestinationJournal.Reply> replyTo;
    private ActorRef<DestinationJournal.Command> child;

    private ChildJournal(DestinationActorContext destination) {
        this.destination = destination;
        replyTo = destination.context().messageAdapter(DestinationJournal.Reply.class, JournalReply::new);
    }

    /** Null if there is none. */
    static ChildJournal of(DestinationActorContext destination) {
        return destination.setup().journal() == null ? null : new ChildJournal(destination);
    }

    /**
     * Asks for the newest status. If the journals of a node can be read together, this one is not opened for that.
     *
     * @return whether an answer follows: an open journal reports each status by itself
     */
    boolean read() {
        ActorRef<JournalHeadsActor.Command> heads = destination.setup().heads();
        if (heads != null) {
            heads.tell(new JournalHeadsActor.Find(destination.id(), replyTo));
            return true;
        }
        boolean opens = child == null;
        open();
        return opens;
    }

    @Override
    public void open() {
        if (child == null) {
            child = destination.context().spawn(destination.setup().journal().apply(destination.id()), "journal");
            child.tell(new DestinationJournal.Open(replyTo));
        }
    }

    @Override
    public void write(JournalEntry entry) {
        child.tell(new DestinationJournal.WriteEntry(entry));
    }
}
