package org.sipdispatch.destination;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.pattern.StatusReply;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;

/** One destination, exactly one in the cluster. */
public final class DestinationActor {
    static final String GONE = "not defined any longer";

    /** What a destination can be told. */
    public sealed interface Command {}

    /** It is defined so; told again and again, so that it lives wherever it should. */
    public record Define(Definition definition) implements Command, WireMessage {}

    /**
     * It is defined no longer since that revision.
     *
     * @param who by whose order; empty if nobody's, or that is not known
     * @param why that order, in a few words
     */
    public record Remove(long revision, String who, String why) implements Command, WireMessage {}

    /** Traffic showed something. */
    public record Observe(Observation observation, String node) implements Command, WireMessage {}

    /** An operator's word: Active, Inactive (a hold) or Probing. */
    public record SetState(
            DestinationState state, String who, String why, Ticket ticket, ActorRef<StatusReply<Status>> replyTo)
            implements Order {
        public SetState(DestinationState state, String who, String why, ActorRef<StatusReply<Status>> replyTo) {
            this(state, who, why, Ticket.NONE, replyTo);
        }

        @Override
        public String refusal(Status now) {
            if (now.mayBeSet(state)) {
                return "";
            }
            return now.removed() ? GONE : "held by " + now.who() + ": release it first";
        }

        @Override
        public Status on(Status now, long nowMs) {
            return now.set(state, who, why, nowMs);
        }
    }

    /** Ends an operator's hold: what evidence says counts again. */
    public record Release(String who, String why, Ticket ticket, ActorRef<StatusReply<Status>> replyTo)
            implements Order {
        public Release(String who, String why, ActorRef<StatusReply<Status>> replyTo) {
            this(who, why, Ticket.NONE, replyTo);
        }

        @Override
        public String refusal(Status now) {
            return now.removed() ? GONE : "";
        }

        @Override
        public Status on(Status now, long nowMs) {
            return now.released(who, why, nowMs);
        }
    }

    /**
     * Identifies an operator's order. It may be given more than once and is executed once; and it is executed only if the
     * node that gave it still waits for it, so that a message that was delayed on its way, or lay in the mailbox of a node that
     * stood still, changes nothing after its operator was told that it was not carried out.
     *
     * @param order identifies the order in the cluster; empty where the order needs no permission
     * @param giver is asked whether the order may be executed now; null where it needs no permission
     */
    public record Ticket(String order, ActorRef<MayExecute> giver) implements WireMessage {
        /** Of an order that is executed without asking. */
        public static final Ticket NONE = new Ticket("", null);

        boolean needsPermission() {
            return giver != null;
        }
    }

    /** What an operator orders. */
    public sealed interface Order extends Command, WireMessage permits SetState, Release {
        Ticket ticket();

        ActorRef<StatusReply<Status>> replyTo();

        /** Why it cannot be executed; empty if it can. */
        String refusal(Status now);

        /** The same, and whether its key was given to another order before. */
        default String whyRefused(Status now) {
            String ticket = ticket().order();
            return now.usedForAnother(ticket)
                    ? "order: " + Status.orderName(ticket)
                            + " (expected: another key; this one is that of another order)"
                    : refusal(now);
        }

        /** What becomes of the destination; {@code nowMs} in milliseconds since 1970. */
        Status on(Status now, long nowMs);
    }

    /** Asks the node that gave an order whether it may be executed now. */
    public record MayExecute(String order, ActorRef<Permission> replyTo) implements WireMessage {}

    /** The answer to that. */
    public record Permission(String order, boolean granted) implements WireMessage {}

    /** That order may be executed, or may not. */
    record Permitted(Order order, boolean granted) implements Command {}

    /** Pings at once; answered when that has ended, or after a while with what is known then. */
    public record ProbeNow(String who, ActorRef<StatusReply<Probed>> replyTo) implements Command, WireMessage {}

    /** The answer to that. {@code underWay}: whether it has not ended. */
    public record Probed(Status status, boolean underWay) implements WireMessage {}

    /** Asks for all that the actor knows. */
    public record GetReport(ActorRef<Report> replyTo) implements Command, WireMessage {}

    /** Ends the actor; its destination goes on elsewhere. */
    public enum Stop implements Command, WireMessage {
        /** The only one. */
        INSTANCE
    }

    /**
     * All that a destination's actor knows.
     *
     * @param node where the actor runs
     * @param definition null if it is not defined here
     * @param lastPing what became of the last ping; null before the first
     * @param lastPingAtMs when it was sent, in milliseconds since 1970; 0 before the first
     * @param nextPingAtMs when the next one is due; 0 if none is
     * @param opinions what other nodes saw when they were asked last
     * @param disputed whether other nodes reach it where this one does not
     * @param unsaved how many changes the journal does not have yet
     */
    public record Report(
            String id,
            String node,
            Definition definition,
            Status status,
            PingResult lastPing,
            long lastPingAtMs,
            long nextPingAtMs,
            List<Opinion> opinions,
            boolean disputed,
            int unsaved)
            implements WireMessage {}

    /** The board knows that of it; null if nothing. */
    record Known(Status status) implements Command {}

    /** Its journal says something. */
    record JournalSaid(DestinationJournal.Answer answer) implements Command {}

    /** Whoever has not answered by now is not waited for. */
    enum LoadingDue implements Command {
        INSTANCE
    }

    /** Nobody knows anything, and the journal does not answer. */
    enum JournalDue implements Command {
        INSTANCE
    }

    /** Nobody has defined it. */
    enum DefinitionDue implements Command {
        INSTANCE
    }

    /** What came before anything was known of it, and when. */
    record Waited(Command command, long sinceMs) implements Command {}

    /** Others have that version, or have had time to. */
    record Spread(Version version) implements Command {}

    /** Whoever ends has had time to. */
    enum EndingDue implements Command {
        INSTANCE
    }

    /** Who ordered a ping has waited long enough. */
    enum ProbeOrdersDue implements Command {
        INSTANCE
    }

    /** This node could not decide before, and may be able to now. */
    enum CurrentDue implements Command {
        INSTANCE
    }

    /** It is time for a ping. */
    enum PingDue implements Command {
        INSTANCE
    }

    /** The ping of that inquiry has ended. */
    record Pinged(long inquiry, PingResult result) implements Command {}

    /** Another node has pinged it too. */
    record Heard(long inquiry, Opinion opinion) implements Command {}

    /** No further opinions are waited for. */
    record OpinionsDue(long inquiry) implements Command {}

    /** It is defined no longer, and its journal has had time to keep that. */
    enum LeavingDue implements Command {
        INSTANCE
    }

    /**
     * What a destination's actor works with.
     *
     * @param journal makes the journal of a destination; null for none
     * @param node this node's address
     * @param nodeNumber tells this node from others in versions
     * @param membership whether this node may decide now
     * @param lives whether a node with that number is part of the cluster
     * @param nowMs the clock, in milliseconds since 1970
     */
    public record Setup(
            ProbeSettings settings,
            Pinger pinger,
            Vantages vantages,
            Board board,
            Events events,
            Function<String, Behavior<DestinationJournal.Command>> journal,
            String node,
            long nodeNumber,
            MembershipCheck membership,
            LongPredicate lives,
            LongSupplier nowMs) {}

    /** The actor of the destination with that id; it waits for its definition. */
    public static Behavior<Command> create(Setup setup, String id) {
        return LoadingActor.create(setup, id);
    }

    private DestinationActor() {}
}
