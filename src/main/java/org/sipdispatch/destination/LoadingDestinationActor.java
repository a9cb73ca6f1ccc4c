package org.sipdispatch.destination;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.sipdispatch.destination.DestinationActor.Command;
import org.sipdispatch.destination.DestinationActor.Define;
import org.sipdispatch.destination.DestinationActor.DefinitionTimeout;
import org.sipdispatch.destination.DestinationActor.JournalReply;
import org.sipdispatch.destination.DestinationActor.JournalTimeout;
import org.sipdispatch.destination.DestinationActor.LoadingTimeout;
import org.sipdispatch.destination.DestinationActor.MembershipCheckDue;
import org.sipdispatch.destination.DestinationActor.Order;
import org.sipdispatch.destination.DestinationActor.Remove;
import org.sipdispatch.destination.DestinationActor.Setup;
import org.sipdispatch.destination.DestinationActor.Stashed;
import org.sipdispatch.destination.DestinationActor.StatusFound;
import org.sipdispatch.destination.DestinationActor.Stop;

/**
 * A destination's actor until it has an initial status. If other nodes know the destination, it does not wait for its
 * journal: traffic needs pings. If none does, only the journal can know of a hold or a failed destination, and the
 * destination must not get calls only because the journal is slow.
 */
public final class LoadingDestinationActor extends AbstractBehavior<Command> {
    /**
     * Perhaps only the other nodes know of an order, so an answer from the journal does not shorten the wait for them.
     * The replicator queries a majority that does not answer several times within this time.
     */
    private static final Duration LOADING = Duration.ofMillis(2500);

    private static final Duration NOTHING_KNOWN = Duration.ofSeconds(10);
    private static final Duration UNDEFINED = Duration.ofSeconds(60);

    /** An order that was stashed longer is not executed: its sender has repeated it or is about to give up. */
    private static final long ORDERS_MS = 4000;

    private static final int MOST_STASHED = 1000;

    /**
     * The result of loading.
     *
     * @param definition null if the destination is to be removed
     * @param removal the newest removal; of revision 0 if there is none
     * @param base the version of the status that was known before
     * @param inherited the status of an earlier actor; null if there is none
     * @param isNewer whether it is newer than what the nodes know
     */
    record LoadResult(
            Status status,
            Definition definition,
            Remove removal,
            StatusVersion base,
            Status inherited,
            boolean isNewer) {
        /** The status with which the actor begins its term. News count as a change: they are sent at once. */
        Status firstStatus(long nodeNumber) {
            Status first = status.inNextTerm(nodeNumber);
            return isNewer ? first.withVersion(first.version().nextChange()) : first;
        }

        long removedAt() {
            return removal.revision();
        }
    }

    private enum StatusSource {
        REPLICATOR,
        JOURNAL
    }

    /** Creates the actor of the destination with this id; it waits for its definition. */
    public static Behavior<Command> create(Setup setup, String id) {
        // A defect that one message triggers must not lose what the actor knows.
        return Behaviors.supervise(Behaviors.<Command>setup(context ->
                        Behaviors.withTimers(timers -> Behaviors.withStash(
                                MOST_STASHED,
                                stash -> new LoadingDestinationActor(new DestinationActorContext(
                                        setup, id, context, timers, stash, new AtomicLong()))))))
                .onFailure(SupervisorStrategy.resume());
    }

    private final DestinationActorContext destination;
    private final ChildJournal journal;
    private final Set<StatusSource> awaited = EnumSet.allOf(StatusSource.class);
    private long askedPauses;
    private long journalPauses;
    private boolean late;
    private boolean isReplicated;
    private StatusVersion replicated = StatusVersion.NONE;
    private boolean journalReplied;
    private Status known;
    private Definition definition;
    private Remove removal = new Remove(0, "", "");

    private LoadingDestinationActor(DestinationActorContext destination) {
        super(destination.context());
        this.destination = destination;
        destination.timers().startSingleTimer(DefinitionTimeout.INSTANCE, UNDEFINED);
        journal = ChildJournal.of(destination);
        if (journal == null) {
            awaited.remove(StatusSource.JOURNAL);
        }
        ask();
    }

    /** Asks for the newest status, at the start and after each pause, in which another node may have run its actor. */
    private void ask() {
        destination.timers().startSingleTimer(LoadingTimeout.INSTANCE, LOADING);
        if (journal != null && journal.read()) {
            awaited.add(StatusSource.JOURNAL);
            awaitJournal();
        }
        ActorRef<Command> self = getContext().getSelf();
        askedPauses = destination.pauses();
        awaited.add(StatusSource.REPLICATOR);
        destination.setup().replicator().findNewest(destination.id(), status -> self.tell(new StatusFound(status)));
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
        DestinationJournal.Reply answer = said.answer();
        if (answer instanceof DestinationJournal.Ready ready) {
            return learned(StatusSource.JOURNAL, ready.newest());
        }
        return answer instanceof DestinationJournal.Found found ? learned(StatusSource.JOURNAL, found.newest()) : this;
    }

    private Behavior<Command> learned(StatusSource source, Status status) {
        awaited.remove(source);
        if (status != null && (known == null || status.version().isAfter(known.version()))) {
            known = status;
        }
        if (source == StatusSource.REPLICATOR && status != null) {
            isReplicated = true;
            replicated = status.version();
        }
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
            ask();
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
            return new LoadResult(known, null, removal, known.version(), known, false);
        }
        InitialStatus now = isReplicated ? InitialStatus.replicated(known) : withoutPeers(nowMs);
        Status status =
                now.left() != null && removal.revision() > 0 ? now.status().withdrawn("", "") : now.status();
        boolean isNewer = isReplicated && known.version().isAfter(replicated);
        return new LoadResult(
                status.defined(definition.initial(), nowMs), definition, removal, now.base(), now.left(), isNewer);
    }

    private InitialStatus withoutPeers(long nowMs) {
        Status remembered = destination.setup().replicator().lastKnown(destination.id());
        return InitialStatus.withoutPeers(known, !journalReplied, remembered, definition.initial(), nowMs);
    }
}
