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
import org.sipdispatch.destination.DestinationActor.CurrentDue;
import org.sipdispatch.destination.DestinationActor.Define;
import org.sipdispatch.destination.DestinationActor.DefinitionDue;
import org.sipdispatch.destination.DestinationActor.Heard;
import org.sipdispatch.destination.DestinationActor.JournalDue;
import org.sipdispatch.destination.DestinationActor.JournalSaid;
import org.sipdispatch.destination.DestinationActor.Known;
import org.sipdispatch.destination.DestinationActor.LoadingDue;
import org.sipdispatch.destination.DestinationActor.OpinionsDue;
import org.sipdispatch.destination.DestinationActor.Order;
import org.sipdispatch.destination.DestinationActor.PingDue;
import org.sipdispatch.destination.DestinationActor.Pinged;
import org.sipdispatch.destination.DestinationActor.ProbeOrdersDue;
import org.sipdispatch.destination.DestinationActor.Remove;
import org.sipdispatch.destination.DestinationActor.Setup;
import org.sipdispatch.destination.DestinationActor.Spread;
import org.sipdispatch.destination.DestinationActor.Stop;
import org.sipdispatch.destination.DestinationActor.Waited;

/**
 * A destination's actor until it has an initial status. If other nodes know the destination, it does not wait for its
 * journal: traffic needs pings. If none does, only the journal can know of a hold or a failed destination, and the
 * destination must not get calls only because the journal is slow.
 */
final class LoadingActor extends AbstractBehavior<Command> {
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
        void awaitCurrent() {
            if (!timers.isTimerActive(CurrentDue.INSTANCE)) {
                timers.startSingleTimer(CurrentDue.INSTANCE, CURRENT);
            }
        }

        /** Whether a newer actor has published a status of this destination. */
        boolean isSuperseded(Version version) {
            Version newest = setup.board().newestVersion(id);
            return newest != null && newest.isAfter(version) && !newest.isOfSameTerm(version);
        }

        /** The operators of an order get their reply once it is known elsewhere. */
        void publish(Status status, Recorded.Kind kind) {
            if (kind == Recorded.Kind.OPERATOR) {
                ActorRef<Command> self = context.getSelf();
                setup.board().publish(id, status, () -> self.tell(new Spread(status.version())));
            } else {
                setup.board().publish(id, status);
            }
        }

        /** Another actor may run, or may have run, on the other side of a network partition. */
        void askBoard() {
            ActorRef<Command> self = context.getSelf();
            setup.board().known(id, known -> self.tell(new Known(known)));
        }

        /** If the node that pinged it before has left the cluster, the next ping does not wait for its slot. */
        void hurry(Version before, Definition definition) {
            if (before.term() > 0 && !setup.lives().test(before.node())) {
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
        void awaitPing() {
            if (!timers.isTimerActive(ProbeOrdersDue.INSTANCE)) {
                timers.startSingleTimer(ProbeOrdersDue.INSTANCE, PROBE_ORDERS);
            }
        }

        void ping(Inquiry inquiry, Ping ping) {
            ActorRef<Command> self = context.getSelf();
            setup.pinger().ping(ping, result -> self.tell(new Pinged(inquiry.number(), result)));
        }

        /**
         * Asks other nodes to ping; with {@code hereToo} this node pings too, because another node's traffic failed.
         */
        void ask(Inquiry inquiry, ProbePlan plan, boolean hereToo) {
            ActorRef<Command> self = context.getSelf();
            Ping ping = plan.ping();
            int most = plan.opinionNodes();
            Consumer<Opinion> then = opinion -> self.tell(new Heard(inquiry.number(), opinion));
            int others = most == 0 ? 0 : setup.vantages().ask(most, ping, then);
            if (hereToo) {
                setup.pinger().ping(ping, result -> then.accept(new Opinion(setup.node(), result, nowMs())));
            }
            inquiry.asked(others + (hereToo ? 1 : 0), plan.opinionAgree());
            timers.startSingleTimer(
                    OpinionsDue.class,
                    new OpinionsDue(inquiry.number()),
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
    record Beginning(Status status, Definition definition, Remove removal, Version base, Status inherited) {
        long removedAt() {
            return removal.revision();
        }
    }

    private enum Source {
        BOARD,
        JOURNAL
    }

    static Behavior<Command> create(Setup setup, String id) {
        // A defect that one message triggers must not lose what the actor knows.
        return Behaviors.supervise(Behaviors.<Command>setup(context ->
                        Behaviors.withTimers(timers -> Behaviors.withStash(
                                MOST_STASHED,
                                stash -> new LoadingActor(new Surroundings(setup, id, context, timers, stash))))))
                .onFailure(SupervisorStrategy.resume());
    }

    private final Surroundings here;
    private final ActorRef<DestinationJournal.Command> journal;
    private final Set<Source> awaited = EnumSet.allOf(Source.class);
    private long askedPauses;
    private long journalPauses;
    private boolean late;
    private boolean onBoard;
    private boolean journalSpoke;
    private Status known;
    private Definition definition;
    private Remove removal = new Remove(0, "", "");

    private LoadingActor(Surroundings here) {
        super(here.context());
        this.here = here;
        here.timers().startSingleTimer(LoadingDue.INSTANCE, LOADING);
        awaitJournal();
        here.timers().startSingleTimer(DefinitionDue.INSTANCE, UNDEFINED);
        journal = journal(here.setup());
        askBoard();
    }

    private void askBoard() {
        ActorRef<Command> self = getContext().getSelf();
        askedPauses = here.pauses();
        awaited.add(Source.BOARD);
        here.setup().board().newest(here.id(), status -> self.tell(new Known(status)));
    }

    private ActorRef<DestinationJournal.Command> journal(Setup setup) {
        if (setup.journal() == null) {
            awaited.remove(Source.JOURNAL);
            return null;
        }
        ActorRef<DestinationJournal.Command> child =
                getContext().spawn(setup.journal().apply(here.id()), "journal");
        child.tell(new DestinationJournal.Open(
                getContext().messageAdapter(DestinationJournal.Answer.class, JournalSaid::new)));
        return child;
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Known.class, this::onKnown)
                .onMessage(JournalSaid.class, this::onJournalSaid)
                .onMessageEquals(LoadingDue.INSTANCE, this::onLoadingDue)
                .onMessageEquals(CurrentDue.INSTANCE, this::goOn)
                .onMessageEquals(JournalDue.INSTANCE, this::onJournalDue)
                .onMessage(Define.class, this::onDefine)
                .onMessage(Remove.class, this::onRemove)
                .onMessageEquals(DefinitionDue.INSTANCE, Behaviors::stopped)
                .onMessageEquals(Stop.INSTANCE, Behaviors::stopped)
                .onMessage(Command.class, this::onOther)
                .build();
    }

    private Behavior<Command> onKnown(Known answer) {
        return learned(Source.BOARD, answer.status());
    }

    private Behavior<Command> onJournalSaid(JournalSaid said) {
        onOther(said);
        return said.answer() instanceof DestinationJournal.Ready ready ? learned(Source.JOURNAL, ready.newest()) : this;
    }

    private Behavior<Command> learned(Source source, Status status) {
        awaited.remove(source);
        if (status != null && (known == null || status.version().isAfter(known.version()))) {
            known = status;
        }
        onBoard |= source == Source.BOARD && status != null;
        journalSpoke |= source == Source.JOURNAL;
        late |= onBoard;
        return goOn();
    }

    private Behavior<Command> onLoadingDue() {
        late = true;
        return goOn();
    }

    /** The timeout starts again after a pause, in which the journal had no time to answer. */
    private Behavior<Command> onJournalDue() {
        if (journalPauses != here.pauses() || !here.isCurrent()) {
            awaitJournal();
            return this;
        }
        awaited.clear();
        return goOn();
    }

    private void awaitJournal() {
        journalPauses = here.pauses();
        here.timers().startSingleTimer(JournalDue.INSTANCE, NOTHING_KNOWN);
    }

    private boolean waits() {
        boolean nothingKnown = known == null && awaited.contains(Source.JOURNAL);
        return late ? nothingKnown : !awaited.isEmpty();
    }

    private Behavior<Command> onDefine(Define define) {
        long revision = define.definition().revision();
        if (revision > removal.revision() && (definition == null || revision >= definition.revision())) {
            definition = define.definition();
        }
        return goOn();
    }

    private Behavior<Command> onRemove(Remove remove) {
        if (definition == null || remove.revision() > definition.revision()) {
            definition = null;
            removal = remove.revision() > removal.revision() ? remove : removal;
        }
        return goOn();
    }

    private Behavior<Command> onOther(Command command) {
        if (!here.stash().isFull()) {
            here.stash().stash(new Waited(command, here.nowMs()));
        }
        return this;
    }

    private Behavior<Command> goOn() {
        if (waits() || definition == null && removal.revision() == 0) {
            return this;
        }
        if (definition == null && (known == null || known.removed())) {
            return Behaviors.stopped();
        }
        if (!here.isCurrent()) {
            // Another node may run its actor; a term that began here would win over that actor's statuses.
            here.awaitCurrent();
            return this;
        }
        if (askedPauses != here.pauses()) {
            askBoard();
            here.timers().startSingleTimer(LoadingDue.INSTANCE, LOADING);
            late = false;
            return this;
        }
        here.timers().cancelAll();
        return here.stash()
                .unstash(
                        MembershipInterceptor.before(here, new LiveActor(here, journal, beginning())),
                        here.stash().size(),
                        this::unlessLate);
    }

    private Command unlessLate(Command stashed) {
        if (!(stashed instanceof Waited waited)) {
            return stashed;
        }
        boolean late = isOrder(waited.command()) && here.nowMs() - waited.sinceMs() > ORDERS_MS;
        return late ? waited : waited.command();
    }

    private static boolean isOrder(Command command) {
        return command instanceof Order order && !order.ticket().needsPermission();
    }

    private Beginning beginning() {
        long nowMs = here.nowMs();
        if (definition == null) {
            return new Beginning(known, null, removal, known.version(), known);
        }
        KnownAtStart now = onBoard ? KnownAtStart.onBoard(known) : alone(nowMs);
        Status status =
                now.left() != null && removal.revision() > 0 ? now.status().withdrawn() : now.status();
        return new Beginning(status.defined(definition.initial(), nowMs), definition, removal, now.base(), now.left());
    }

    private KnownAtStart alone(long nowMs) {
        Status remembered = here.setup().board().remembered(here.id());
        return KnownAtStart.alone(known, !journalSpoke, remembered, definition.initial(), nowMs);
    }
}
