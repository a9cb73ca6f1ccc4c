package org.sipdispatch.destination;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.StashBuffer;
import akka.actor.typed.javadsl.TimerScheduler;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;
import org.sipdispatch.destination.DestinationActor.Command;
import org.sipdispatch.destination.DestinationActor.Define;
import org.sipdispatch.destination.DestinationActor.DefinitionTimeout;
import org.sipdispatch.destination.DestinationActor.JournalReply;
import org.sipdispatch.destination.DestinationActor.JournalTimeout;
import org.sipdispatch.destination.DestinationActor.LoadingTimeout;
import org.sipdispatch.destination.DestinationActor.MembershipCheckDue;
import org.sipdispatch.destination.DestinationActor.Order;
import org.sipdispatch.destination.DestinationActor.PeerProbeTimeout;
import org.sipdispatch.destination.DestinationActor.PeerProbed;
import org.sipdispatch.destination.DestinationActor.PingDue;
import org.sipdispatch.destination.DestinationActor.Pinged;
import org.sipdispatch.destination.DestinationActor.ProbeReplyTimeout;
import org.sipdispatch.destination.DestinationActor.Remove;
import org.sipdispatch.destination.DestinationActor.Setup;
import org.sipdispatch.destination.DestinationActor.Stashed;
import org.sipdispatch.destination.DestinationActor.StatusFound;
import org.sipdispatch.destination.DestinationActor.StatusReplicated;
import org.sipdispatch.destination.DestinationActor.Stop;

/**
 * A destination's actor until it has an initial status. If other nodes know the destination, it does not wait for its
 * journal: traffic needs pings. If none does, only the journal can know of a hold or a failed destination, and the
 * destination must not get calls only because the journal is slow.
 */
final class LoadingDestinationActor extends AbstractBehavior<Command> {
    /**
     * Perhaps only the other nodes know of an order, so an answer from the journal does not shorten the wait for them.
     * The replicator queries a majority that does not answer several times within this time.
     */
    private static final Duration LOADING = Duration.ofMillis(2500);

    private static final Duration CURRENT = Duration.ofMillis(50);
    private static final Duration NOTHING_KNOWN = Duration.ofSeconds(10);
    /** The delay between pings of destinations taken over from a failed node, which avoids a burst. */
    private static final long HURRY_MS = 2;

    private static final long MOST_HURRY_MS = 1000;
    private static final Duration UNDEFINED = Duration.ofSeconds(60);

    /** How much longer than the ping's timeout the replies of other nodes may take. */
    private static final long OPINION_WAY_MS = 300;

    /** An order that was stashed longer is not executed: its sender has repeated it or is about to give up. */
    private static final long ORDERS_MS = 4000;

    private static final int MOST_STASHED = 1000;

    /**
     * Shorter than the time that the sender of the order waits for a reply: with results from other nodes a ping may
     * take more than twice its timeout, and a sender without a reply does not know whether anything was done.
     */
    private static final Duration PROBE_ORDERS = Duration.ofSeconds(3);

    /** The dependencies of all behaviors of a destination's actor, with helpers that they share. */
    record Surroundings(
            Setup setup,
            String id,
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            StashBuffer<Command> stash) {
        long nowMs() {
            return setup.nowMs().getAsLong();
        }

        boolean isCurrent() {
            return setup.membership().isCurrent();
        }

        long pauses() {
            return setup.membership().pauses();
        }

        /** Schedules another check whether this node may decide. */
        void scheduleMembershipCheck() {
            if (!timers.isTimerActive(MembershipCheckDue.INSTANCE)) {
                timers.startSingleTimer(MembershipCheckDue.INSTANCE, CURRENT);
            }
        }

        /** Whether a newer actor has published a status of this destination. */
        boolean isSuperseded(Version version) {
            Version newest = setup.replicator().newestVersion(id);
            return newest != null && newest.isAfter(version) && !newest.isOfSameTerm(version);
        }

        /** The operators of an order get their reply once it is known elsewhere. */
        void publish(Status status, JournalEntry.ChangeCause cause) {
            if (cause == JournalEntry.ChangeCause.OPERATOR) {
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
        void pingSoon(Version before, Definition definition) {
            if (before.term() > 0 && !setup.isMember().test(before.node())) {
                int places = Math.max(1, definition.places());
                long spanMs = Math.min(HURRY_MS * places, MOST_HURRY_MS);
                long delayMs = spanMs * Math.floorMod(definition.place(), places) / places;
                timers.startSingleTimer(PingDue.INSTANCE, Duration.ofMillis(delayMs));
            }
        }

        /** Schedules the next ping after this delay; {@link PingTimes#NONE} cancels it. */
        void pingAfter(long delayMs) {
            if (delayMs == PingTimes.NONE) {
                timers.cancel(PingDue.INSTANCE);
            } else {
                timers.startSingleTimer(PingDue.INSTANCE, Duration.ofMillis(delayMs));
            }
        }

        /** Limits how long the sender of a ping order waits. */
        void limitProbeReplies() {
            if (!timers.isTimerActive(ProbeReplyTimeout.INSTANCE)) {
                timers.startSingleTimer(ProbeReplyTimeout.INSTANCE, PROBE_ORDERS);
            }
        }

        void ping(PendingProbe inquiry, Ping ping) {
            ActorRef<Command> self = context.getSelf();
            setup.pinger().ping(ping, result -> self.tell(new Pinged(inquiry.number(), result)));
        }

        /**
         * Asks other nodes to ping; with {@code thisNodeToo} this node pings too, because another node's traffic failed.
         */
        void askPeers(PendingProbe inquiry, ProbePlan plan, boolean thisNodeToo) {
            ActorRef<Command> self = context.getSelf();
            Ping ping = plan.ping();
            int most = plan.opinionNodes();
            Consumer<PeerProbeResult> then = opinion -> self.tell(new PeerProbed(inquiry.number(), opinion));
            int others = most == 0 ? 0 : setup.peers().probe(most, ping, then);
            if (thisNodeToo) {
                setup.pinger().ping(ping, result -> then.accept(new PeerProbeResult(setup.node(), result, nowMs())));
            }
            inquiry.awaitPeers(others + (thisNodeToo ? 1 : 0), plan.opinionAgree());
            timers.startSingleTimer(
                    PeerProbeTimeout.class,
                    new PeerProbeTimeout(inquiry.number()),
                    Duration.ofMillis(ping.timeoutMs() + OPINION_WAY_MS));
        }
    }

    /**
     * The result of loading.
     *
     * @param definition null if the destination is to be removed
     * @param removal the newest removal; of revision 0 if there is none
     * @param base the version of the status that was known before
     * @param inherited the status of an earlier actor; null if there is none
     */
    record LoadResult(Status status, Definition definition, Remove removal, Version base, Status inherited) {
        long removedAt() {
            return removal.revision();
        }
    }

    private enum StatusSource {
        REPLICATOR,
        JOURNAL
    }

    static Behavior<Command> create(Setup setup, String id) {
        // A defect that one message triggers must not lose what the actor knows.
        return Behaviors.supervise(Behaviors.<Command>setup(context ->
                        Behaviors.withTimers(timers -> Behaviors.withStash(
                                MOST_STASHED,
                                stash -> new LoadingDestinationActor(
                                        new Surroundings(setup, id, context, timers, stash))))))
                .onFailure(SupervisorStrategy.resume());
    }

    private final Surroundings destination;
    private final ActorRef<DestinationJournal.Command> journal;
    private final Set<StatusSource> awaited = EnumSet.allOf(StatusSource.class);
    private long askedPauses;
    private long journalPauses;
    private boolean late;
    private boolean isReplicated;
    private boolean journalReplied;
    private Status known;
    private Definition definition;
    private Remove removal = new Remove(0, "", "");

    private LoadingDestinationActor(Surroundings surroundings) {
        super(surroundings.context());
        this.destination = surroundings;
        surroundings.timers().startSingleTimer(LoadingTimeout.INSTANCE, LOADING);
        awaitJournal();
        surroundings.timers().startSingleTimer(DefinitionTimeout.INSTANCE, UNDEFINED);
        journal = journal(surroundings.setup());
        askReplicator();
    }

    private void askReplicator() {
        ActorRef<Command> self = getContext().getSelf();
        askedPauses = destination.pauses();
        awaited.add(StatusSource.REPLICATOR);
        destination.setup().replicator().findNewest(destination.id(), status -> self.tell(new StatusFound(status)));
    }

    private ActorRef<DestinationJournal.Command> journal(Setup setup) {
        if (setup.journal() == null) {
            awaited.remove(StatusSource.JOURNAL);
            return null;
        }
        ActorRef<DestinationJournal.Command> child =
                getContext().spawn(setup.journal().apply(destination.id()), "journal");
        child.tell(new DestinationJournal.Open(
                getContext().messageAdapter(DestinationJournal.Reply.class, JournalReply::new)));
        return child;
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(StatusFound.class, this::onStatusFound)
                .onMessage(JournalReply.class, this::onJournalReply)
                .onMessageEquals(LoadingTimeout.INSTANCE, this::onLoadingTimeout)
                .onMessageEquals(MembershipCheckDue.INSTANCE, this::startIfLoaded)
                .onMessageEquals(JournalTimeout.INSTANCE, this::onJournalTimeout)
                .onMessage(Define.class, this::onDefine)
                .onMessage(Remove.class, this::onRemove)
                .onMessageEquals(DefinitionTimeout.INSTANCE, Behaviors::stopped)
                .onMessageEquals(Stop.INSTANCE, Behaviors::stopped)
                .onMessage(Command.class, this::onOther)
                .build();
    }

    private Behavior<Command> onStatusFound(StatusFound answer) {
        return learned(StatusSource.REPLICATOR, answer.status());
    }

    private Behavior<Command> onJournalReply(JournalReply said) {
        onOther(said);
        return said.answer() instanceof DestinationJournal.Ready ready
                ? learned(StatusSource.JOURNAL, ready.newest())
                : this;
    }

    private Behavior<Command> learned(StatusSource source, Status status) {
        awaited.remove(source);
        if (status != null && (known == null || status.version().isAfter(known.version()))) {
            known = status;
        }
        isReplicated |= source == StatusSource.REPLICATOR && status != null;
        journalReplied |= source == StatusSource.JOURNAL;
        late |= isReplicated;
        return startIfLoaded();
    }

    private Behavior<Command> onLoadingTimeout() {
        late = true;
        return startIfLoaded();
    }

    /** The timeout starts again after a pause, in which the journal had no time to answer. */
    private Behavior<Command> onJournalTimeout() {
        if (journalPauses != destination.pauses() || !destination.isCurrent()) {
            awaitJournal();
            return this;
        }
        awaited.clear();
        return startIfLoaded();
    }

    private void awaitJournal() {
        journalPauses = destination.pauses();
        destination.timers().startSingleTimer(JournalTimeout.INSTANCE, NOTHING_KNOWN);
    }

    private boolean isWaiting() {
        boolean nothingKnown = known == null && awaited.contains(StatusSource.JOURNAL);
        return late ? nothingKnown : !awaited.isEmpty();
    }

    private Behavior<Command> onDefine(Define define) {
        long revision = define.definition().revision();
        if (revision > removal.revision() && (definition == null || revision >= definition.revision())) {
            definition = define.definition();
        }
        return startIfLoaded();
    }

    private Behavior<Command> onRemove(Remove remove) {
        if (definition == null || remove.revision() > definition.revision()) {
            definition = null;
            removal = remove.revision() > removal.revision() ? remove : removal;
        }
        return startIfLoaded();
    }

    private Behavior<Command> onOther(Command command) {
        if (!destination.stash().isFull()) {
            destination.stash().stash(new Stashed(command, destination.nowMs()));
        }
        return this;
    }

    private Behavior<Command> startIfLoaded() {
        if (isWaiting() || definition == null && removal.revision() == 0) {
            return this;
        }
        if (definition == null && (known == null || known.removed())) {
            return Behaviors.stopped();
        }
        if (!destination.isCurrent()) {
            // Another node may run its actor; a term that began here would win over that actor's statuses.
            destination.scheduleMembershipCheck();
            return this;
        }
        if (askedPauses != destination.pauses()) {
            askReplicator();
            destination.timers().startSingleTimer(LoadingTimeout.INSTANCE, LOADING);
            late = false;
            return this;
        }
        destination.timers().cancelAll();
        return destination
                .stash()
                .unstash(
                        MembershipInterceptor.wrap(
                                destination, new ActiveDestinationActor(destination, journal, loaded())),
                        destination.stash().size(),
                        this::unlessExpired);
    }

    private Command unlessExpired(Command stashed) {
        if (!(stashed instanceof Stashed waited)) {
            return stashed;
        }
        boolean late = isOrder(waited.command()) && destination.nowMs() - waited.sinceMs() > ORDERS_MS;
        return late ? waited : waited.command();
    }

    private static boolean isOrder(Command command) {
        return command instanceof Order order && !order.ticket().needsPermission();
    }

    private LoadResult loaded() {
        long nowMs = destination.nowMs();
        if (definition == null) {
            return new LoadResult(known, null, removal, known.version(), known);
        }
        InitialStatus now = isReplicated ? InitialStatus.replicated(known) : withoutPeers(nowMs);
        Status status =
                now.left() != null && removal.revision() > 0 ? now.status().withdrawn() : now.status();
        return new LoadResult(status.defined(definition.initial(), nowMs), definition, removal, now.base(), now.left());
    }

    private InitialStatus withoutPeers(long nowMs) {
        Status remembered = destination.setup().replicator().lastKnown(destination.id());
        return InitialStatus.withoutPeers(known, !journalReplied, remembered, definition.initial(), nowMs);
    }
}
