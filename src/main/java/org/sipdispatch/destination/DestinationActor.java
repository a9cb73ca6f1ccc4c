package org.sipdispatch.destination;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.pattern.StatusReply;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;

/** The protocol of the actor that owns one destination. The cluster runs exactly one actor for each destination. */
public final class DestinationActor {
    static final String NOT_DEFINED = "no longer defined";

    public sealed interface Command {}

    /** Defines the destination; sent periodically, so that the actor runs on the node that owns its shard. */
    public record Define(Definition definition) implements Command, WireMessage {}

    /**
     * The destination is no longer defined, since this revision.
     *
     * @param who the operator who ordered the removal; empty if no operator did or the operator is not known
     * @param why the order, in a few words
     */
    public record Remove(long revision, String who, String why) implements Command, WireMessage {}

    /** Reports what traffic showed of the destination on a node. */
    public record Observe(Observation observation, String node) implements Command, WireMessage {}

    /** Reports what traffic showed of one target on a node. */
    public record ObserveTarget(Observation observation, String target, String node) implements Command, WireMessage {}

    /** An operator sets the state: Active, Inactive (a hold) or Probing. */
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
            return now.removed() ? NOT_DEFINED : "held by " + now.who() + ": release it first, or set it active";
        }

        @Override
        public Status applyTo(Status now, long nowMs) {
            return now.set(state, who, why, nowMs);
        }
    }

    /** An operator ends a hold; the result of probes and traffic decides the state again. */
    public record Release(String who, String why, Ticket ticket, ActorRef<StatusReply<Status>> replyTo)
            implements Order {
        public Release(String who, String why, ActorRef<StatusReply<Status>> replyTo) {
            this(who, why, Ticket.NONE, replyTo);
        }

        @Override
        public String refusal(Status now) {
            return now.removed() ? NOT_DEFINED : "";
        }

        @Override
        public Status applyTo(Status now, long nowMs) {
            return now.released(who, why, nowMs);
        }
    }

    /**
     * An operator sets the state of one target.
     *
     * @param target its name, see {@link org.sipdispatch.sets.Target#name()}, or its address if no other target has it
     * @param state null to end its hold: the result of probes and traffic decides again
     */
    public record SetTarget(
            String target,
            DestinationState state,
            String who,
            String why,
            Ticket ticket,
            ActorRef<StatusReply<Status>> replyTo)
            implements Order {
        @Override
        public String refusal(Status now) {
            if (now.removed()) {
                return NOT_DEFINED;
            }
            List<Targets.TargetStatus> meant = MeantTargets.of(now.targets(), target);
            if (meant.size() != 1) {
                String names =
                        MeantTargets.names(meant.isEmpty() ? now.targets().all() : meant);
                return "target: " + target + " (expected: "
                        + (names.isEmpty() ? "none, this destination has no targets)" : "one of " + names + ")");
            }
            Targets.TargetStatus one = meant.get(0);
            boolean may = state == null || one.status().mayBeSet(state);
            return may ? "" : "held by " + one.status().who() + ": release it first, or set it active";
        }

        @Override
        public Status applyTo(Status now, long nowMs) {
            Targets.TargetStatus meant = MeantTargets.of(now.targets(), target).get(0);
            Status one = meant.status();
            return now.withTarget(
                    meant.name(),
                    state == null ? one.released(who, why, nowMs) : one.set(state, who, why, nowMs),
                    nowMs);
        }
    }

    /**
     * Identifies an operator's order. An order may be sent more than once but is executed only once, and only while the
     * node that issued it still waits for it. So a message that was delayed on the network, or in the mailbox of a
     * paused node, changes nothing after its operator has been told that the order failed.
     *
     * @param order identifies the order in the cluster; empty if the order needs no permission
     * @param giver the actor to ask whether the order may be executed now; null if it needs no permission
     */
    public record Ticket(String order, ActorRef<MayExecute> giver) implements WireMessage {
        /** The ticket of an order that needs no permission. */
        public static final Ticket NONE = new Ticket("", null);

        boolean needsPermission() {
            return giver != null;
        }
    }

    /** An operator's order. */
    public sealed interface Order extends Command, WireMessage permits SetState, Release, SetTarget {
        Ticket ticket();

        ActorRef<StatusReply<Status>> replyTo();

        /** The reason why it cannot be executed; empty if it can. */
        String refusal(Status now);

        /** Like {@link #refusal}, and also refuses an order whose key another order has used. */
        default String whyRefused(Status now) {
            String ticket = ticket().order();
            return now.usedForAnother(ticket)
                    ? "order: " + OrderTickets.name(ticket)
                            + " (expected: another key; another order has used this one)"
                    : refusal(now);
        }

        /** The status after the order; {@code nowMs} in milliseconds since 1970. */
        Status applyTo(Status now, long nowMs);
    }

    /** Asks the node that issued an order whether it may be executed now. */
    public record MayExecute(String order, ActorRef<Permission> replyTo) implements WireMessage {}

    /** The reply to {@link MayExecute}. */
    public record Permission(String order, boolean granted) implements WireMessage {}

    /** The issuing node has granted or denied an order. */
    record PermissionReply(Order order, boolean granted) implements Command {}

    /** Sends a ping at once. The reply comes when the ping has ended, or after a time limit with the current status. */
    public record ProbeNow(String who, ActorRef<StatusReply<Probed>> replyTo) implements Command, WireMessage {}

    /** The reply to {@link ProbeNow}. {@code underWay}: the ping has not ended. */
    public record Probed(Status status, boolean underWay) implements WireMessage {}

    /** Asks for everything that the actor knows. */
    public record GetReport(ActorRef<Report> replyTo) implements Command, WireMessage {}

    /** Stops the actor; the destination continues on another node. */
    public enum Stop implements Command, WireMessage {
        INSTANCE
    }

    /**
     * Everything that a destination's actor knows.
     *
     * @param node the node on which the actor runs
     * @param definition null if the destination is not defined
     * @param lastPing the result of the last ping; null before the first
     * @param lastPingAtMs when the last ping was sent, in milliseconds since 1970; 0 before the first
     * @param nextPingAtMs when the next ping is due, in milliseconds since 1970; 0 if none is due
     * @param opinions the results of the last probes by other nodes
     * @param disputed whether other nodes reach the destination while this one does not
     * @param unsaved how many changes are not in the journal yet
     */
    public record Report(
            String id,
            String node,
            Definition definition,
            Status status,
            PingResult lastPing,
            long lastPingAtMs,
            long nextPingAtMs,
            List<PeerProbeResult> opinions,
            boolean disputed,
            int unsaved)
            implements WireMessage {
        /** The same with that detail of the last ping. */
        public Report withPingDetail(String detail) {
            return new Report(
                    id,
                    node,
                    definition,
                    status,
                    lastPing.withDetail(detail),
                    lastPingAtMs,
                    nextPingAtMs,
                    opinions,
                    disputed,
                    unsaved);
        }
    }

    /** The replicated status of the destination; null if there is none. */
    record StatusFound(Status status) implements Command {}

    /** A reply from the journal. */
    record JournalReply(DestinationJournal.Reply answer) implements Command {}

    /** Ends the wait for replicas and journal, unless neither knows the destination. */
    enum LoadingTimeout implements Command {
        INSTANCE
    }

    /** Ends the wait for a silent journal although no node knows the destination. */
    enum JournalTimeout implements Command {
        INSTANCE
    }

    /** Stops an actor that has received no definition. */
    enum DefinitionTimeout implements Command {
        INSTANCE
    }

    /** A message that was stashed while the actor was loading, and when it was stashed. */
    record Stashed(Command command, long sinceMs) implements Command {}

    /** A majority of the nodes has this version, or the time limit for replication has passed. */
    record StatusReplicated(StatusVersion version) implements Command {}

    /** Checks again whether the orders that wait are confirmed. */
    enum ConfirmationDue implements Command {
        INSTANCE
    }

    /** Stops the actor although replies are still pending. */
    enum StoppingTimeout implements Command {
        INSTANCE
    }

    /** Replies to operators whose ping takes too long. */
    enum ProbeReplyTimeout implements Command {
        INSTANCE
    }

    /** Checks again whether this node may decide now. */
    enum MembershipCheckDue implements Command {
        INSTANCE
    }

    /** Opens the journal although no record waits for it. */
    enum JournalOpeningDue implements Command {
        INSTANCE
    }

    enum PingDue implements Command {
        INSTANCE
    }

    /** The next ping of this target is due. */
    record TargetPingDue(String target) implements Command {}

    /** It is time to ask DNS again. */
    enum TargetsDue implements Command {
        INSTANCE
    }

    /** DNS has been asked for the addresses of the destination's name. */
    record TargetsFound(FoundTargets found) implements Command {}

    /** The ping with this inquiry's number has ended. */
    record Pinged(long inquiry, PingResult result) implements Command {}

    /** Another node has probed the destination too. */
    record PeerProbed(long inquiry, PeerProbeResult opinion) implements Command {}

    /** Ends the wait for results from other nodes. */
    record PeerProbeTimeout(long inquiry) implements Command {}

    /** Stops the actor of a removed destination; its journal has had time to save the removal. */
    enum RemovalTimeout implements Command {
        INSTANCE
    }

    /**
     * The dependencies of a destination's actor.
     *
     * @param journal creates the journal of a destination from its id; null for no journal
     * @param heads reads many journals at once; null if each one is opened for that
     * @param node this node's address
     * @param nodeNumber distinguishes this node from others in versions
     * @param membership whether this node may decide now
     * @param isMember whether the node with a number is a member of the cluster
     * @param nowMs the clock, in milliseconds since 1970
     */
    public record Setup(
            ProbeSettings settings,
            Pinger pinger,
            PeerProber peers,
            TargetFinder targets,
            StatusReplicator replicator,
            DestinationListener events,
            Function<String, Behavior<DestinationJournal.Command>> journal,
            ActorRef<JournalHeadsActor.Command> heads,
            String node,
            long nodeNumber,
            MembershipCheck membership,
            LongPredicate isMember,
            LongSupplier nowMs) {}

    private DestinationActor() {}
}
