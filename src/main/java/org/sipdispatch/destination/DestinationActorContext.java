package org.sipdispatch.destination;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.StashBuffer;
import akka.actor.typed.javadsl.TimerScheduler;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.sipdispatch.destination.DestinationActor.Command;
import org.sipdispatch.destination.DestinationActor.ConfirmationDue;
import org.sipdispatch.destination.DestinationActor.JournalOpeningDue;
import org.sipdispatch.destination.DestinationActor.MembershipCheckDue;
import org.sipdispatch.destination.DestinationActor.PeerProbeTimeout;
import org.sipdispatch.destination.DestinationActor.PeerProbed;
import org.sipdispatch.destination.DestinationActor.Pinged;
import org.sipdispatch.destination.DestinationActor.ProbeReplyTimeout;
import org.sipdispatch.destination.DestinationActor.Setup;
import org.sipdispatch.destination.DestinationActor.StatusFound;
import org.sipdispatch.destination.DestinationActor.StatusReplicated;
import org.sipdispatch.destination.DestinationActor.TargetsDue;
import org.sipdispatch.destination.DestinationActor.TargetsFound;
import org.sipdispatch.sets.Destination;

/**
 * The dependencies of all behaviors of a destination's actor, with helpers that they share.
 *
 * @param checkedPauses the number of pauses before the last check whether this node may decide
 */
record DestinationActorContext(
        Setup setup,
        String id,
        ActorContext<Command> context,
        TimerScheduler<Command> timers,
        StashBuffer<Command> stash,
        AtomicLong checkedPauses) {
    private static final Duration CURRENT = Duration.ofMillis(50);
    /** Other nodes may leave or join while an order waits. */
    private static final Duration CONFIRMATION = Duration.ofMillis(500);

    private static final Duration FIRST_OPENING = Duration.ofSeconds(5);
    private static final Duration BETWEEN_OPENINGS = Duration.ofMillis(5);

    /** The delay between pings of destinations taken over from a failed node, which avoids a burst. */
    private static final long HURRY_MS = 2;

    private static final long MOST_HURRY_MS = 1000;

    /** How much longer than the ping's timeout the replies of other nodes may take. */
    private static final long PEER_NETWORK_DELAY_MS = 300;

    /**
     * Shorter than the time that the sender of the order waits for a reply: with results from other nodes a ping may
     * take more than twice its timeout, and a sender without a reply does not know whether anything was done.
     */
    private static final Duration PROBE_ORDERS = Duration.ofSeconds(3);

    long nowMs() {
        return setup.nowMs().getAsLong();
    }

    boolean isCurrent() {
        return setup.membership().isCurrent();
    }

    long pauses() {
        return setup.membership().pauses();
    }

    /**
     * The number of pauses before it is checked whether this node may decide. Pings for the message that is handled now
     * have this number, so that they are not sent if the process is paused after the check.
     */
    long pausesBeforeCheck() {
        checkedPauses.set(pauses());
        return checkedPauses.get();
    }

    /** Schedules another check whether this node may decide. */
    void scheduleMembershipCheck() {
        if (!timers.isTimerActive(MembershipCheckDue.INSTANCE)) {
            timers.startSingleTimer(MembershipCheckDue.INSTANCE, CURRENT);
        }
    }

    /** Schedules another check whether the orders that wait are confirmed. */
    void scheduleConfirmationCheck() {
        if (!timers.isTimerActive(ConfirmationDue.INSTANCE)) {
            timers.startSingleTimer(ConfirmationDue.INSTANCE, CONFIRMATION);
        }
    }

    /** Whether an actor of a later term has published a status of this destination. */
    boolean isSuperseded(StatusVersion version) {
        StatusVersion newest = setup.replicator().newestVersion(id);
        return newest != null && newest.isOfLaterTerm(version);
    }

    /** Whether another actor, which began the same term, has published a newer status of this destination. */
    boolean isOutdatedInSameTerm(StatusVersion version) {
        StatusVersion newest = setup.replicator().newestVersion(id);
        return newest != null && newest.isNewerInSameTerm(version);
    }

    /** {@code awaited}: whether an operator waits until a majority of the nodes has the status. */
    void publish(Status status, boolean awaited) {
        if (awaited) {
            ActorRef<Command> self = context.getSelf();
            setup.replicator().publish(id, status, () -> self.tell(new StatusReplicated(status.version())));
        } else {
            setup.replicator().publish(id, status);
        }
    }

    /** Another actor may run, or may have run, on the other side of a network partition. */
    void readReplicated() {
        ActorRef<Command> self = context.getSelf();
        setup.replicator().findLocal(id, known -> self.tell(new StatusFound(known)));
    }

    /** If the node that pinged it before has left the cluster, the next ping does not wait for its slot. */
    void pingSoon(StatusVersion before, Definition definition, Command due) {
        if (before.term() > 0 && !setup.isMember().test(before.node())) {
            int places = Math.max(1, definition.places());
            long spanMs = Math.min(HURRY_MS * places, MOST_HURRY_MS);
            long delayMs = spanMs * Math.floorMod(definition.place(), places) / places;
            timers.startSingleTimer(due, due, Duration.ofMillis(delayMs));
        }
    }

    /** Schedules {@code due}, the next ping, after this delay; {@link PingTimes#NONE} cancels it. */
    void pingAfter(long delayMs, Command due) {
        if (delayMs == PingTimes.NONE) {
            timers.cancel(due);
        } else {
            timers.startSingleTimer(due, due, Duration.ofMillis(delayMs));
        }
    }

    /** Thousands of actors start at the same time: their journals are opened one after the other. */
    void openJournalLater(Definition definition) {
        timers.startSingleTimer(
                JournalOpeningDue.INSTANCE, FIRST_OPENING.plus(BETWEEN_OPENINGS.multipliedBy(definition.place())));
    }

    /** Asks DNS for the addresses of the destination's name. */
    void findTargets(Destination destination) {
        ActorRef<Command> self = context.getSelf();
        setup.targets().find(destination, found -> self.tell(new TargetsFound(found)));
    }

    /** Asks DNS again after this delay. */
    void findTargetsAfter(long delayMs) {
        timers.startSingleTimer(TargetsDue.INSTANCE, Duration.ofMillis(delayMs));
    }

    /** Limits how long the sender of a ping order waits. */
    void limitProbeReplies() {
        if (!timers.isTimerActive(ProbeReplyTimeout.INSTANCE)) {
            timers.startSingleTimer(ProbeReplyTimeout.INSTANCE, PROBE_ORDERS);
        }
    }

    void ping(PendingProbe inquiry, Ping ping) {
        ActorRef<Command> self = context.getSelf();
        setup.pinger().ping(ping, checkedPauses.get(), result -> self.tell(new Pinged(inquiry.number(), result)));
    }

    /**
     * Asks other nodes to ping; with {@code thisNodeToo} this node pings too, because another node's traffic failed.
     */
    void askPeers(PendingProbe inquiry, ProbePlan plan, Ping ping, boolean thisNodeToo) {
        ActorRef<Command> self = context.getSelf();
        int most = plan.opinionNodes();
        Consumer<PeerProbeResult> then = opinion -> self.tell(new PeerProbed(inquiry.number(), opinion));
        boolean isAsked = most > 0 && pauses() == checkedPauses.get();
        int others = isAsked ? setup.peers().probe(most, ping, then) : 0;
        if (thisNodeToo) {
            setup.pinger()
                    .ping(
                            ping,
                            checkedPauses.get(),
                            result -> then.accept(new PeerProbeResult(setup.node(), result, nowMs())));
        }
        inquiry.awaitPeers(others + (thisNodeToo ? 1 : 0), plan.opinionAgree());
        PeerProbeTimeout timeout = new PeerProbeTimeout(inquiry.number());
        timers.startSingleTimer(timeout, timeout, Duration.ofMillis(ping.timeoutMs() + PEER_NETWORK_DELAY_MS));
    }

    /** Ends the wait for the results of other nodes. */
    void forgetPeers(PendingProbe inquiry) {
        timers.cancel(new PeerProbeTimeout(inquiry.number()));
    }
}
