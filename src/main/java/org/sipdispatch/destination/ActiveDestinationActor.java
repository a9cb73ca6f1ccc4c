package org.sipdispatch.destination;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.pattern.StatusReply;
import java.time.Duration;
import java.util.List;
import org.sipdispatch.destination.DestinationActor.Command;
import org.sipdispatch.destination.DestinationActor.Define;
import org.sipdispatch.destination.DestinationActor.JournalReply;
import org.sipdispatch.destination.DestinationActor.Order;
import org.sipdispatch.destination.DestinationActor.PeerProbeTimeout;
import org.sipdispatch.destination.DestinationActor.RemovalTimeout;
import org.sipdispatch.destination.DestinationActor.Remove;

/** The running actor of a destination: applies ping results, observations and orders to the {@link Status}. */
final class ActiveDestinationActor extends AbstractBehavior<Command> {
    /** A ping without a result is abandoned this long after its timeout. */
    private static final long LOST_MS = 5000;

    private static final Duration LEAVING = Duration.ofSeconds(5);

    private final DestinationActorContext destination;
    private final DestinationActor.Setup setup;
    private final JournalWriter journal;
    private final OrderConfirmation confirmation;
    private final PendingProbeReplies pendingProbeReplies = new PendingProbeReplies();
    private final PingTimes pingTimes = new PingTimes();
    private Definition definition;
    private ProbePlan plan;
    private Status status;
    private long removedAt;
    private StatusVersion base;
    private LocalChanges localChanges = LocalChanges.NONE;
    private final ReplicaReads replicaReads = new ReplicaReads();
    private PendingProbe pendingProbe;
    private long inquiries;
    private PingResult lastPing;
    private List<PeerProbeResult> peerResults = List.of();
    private boolean disputed;

    ActiveDestinationActor(
            DestinationActorContext destination, JournalAccess opened, LoadingDestinationActor.LoadResult loaded) {
        super(destination.context());
        this.destination = destination;
        this.setup = destination.setup();
        this.confirmation = new OrderConfirmation(destination);
        this.journal = new JournalWriter(destination.id(), opened, loaded.inherited(), destination::isCurrent);
        this.removedAt = loaded.removedAt();
        this.base = loaded.base();
        this.status = loaded.firstStatus(setup.nodeNumber());
        if (loaded.definition() == null) {
            remove(loaded.removal());
        } else {
            setup.replicator().publish(destination.id(), status);
            definition = loaded.definition();
            redefined();
            destination.pingSoon(base, definition);
            destination.openJournalLater(definition);
        }
    }

    boolean isSuperseded() {
        return destination.isSuperseded(status.version()) || journal.isSuperseded(status.version());
    }

    boolean isOutdatedInSameTerm() {
        return destination.isOutdatedInSameTerm(status.version());
    }

    /** Ignores the result of a pending ping. */
    void abandonPing() {
        if (pendingProbe != null) {
            abandon();
            answerProbeOrders(status, true);
        }
    }

    void resume() {
        journal.resume();
        schedule();
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Define.class, this::onDefine)
                .onMessage(Remove.class, this::onRemove)
                .onMessage(DestinationActor.Observe.class, this::onObserve)
                .onMessage(Order.class, this::onOrder)
                .onMessage(DestinationActor.ProbeNow.class, this::onProbeNow)
                .onMessage(DestinationActor.GetReport.class, this::onGetReport)
                .onMessageEquals(DestinationActor.Stop.INSTANCE, this::onStop)
                .onMessageEquals(DestinationActor.PingDue.INSTANCE, this::onPingDue)
                .onMessageEquals(
                        DestinationActor.ProbeReplyTimeout.INSTANCE,
                        () -> answerProbeOrders(status, pendingProbe != null))
                .onMessage(DestinationActor.Pinged.class, this::onPinged)
                .onMessage(DestinationActor.PeerProbed.class, this::onPeerProbed)
                .onMessage(PeerProbeTimeout.class, this::onPeerProbeTimeout)
                .onMessage(DestinationActor.StatusFound.class, known -> merge(known.status()))
                .onMessage(JournalReply.class, this::onJournalReply)
                .onMessage(DestinationActor.StatusReplicated.class, this::onStatusReplicated)
                .onMessageEquals(DestinationActor.ConfirmationDue.INSTANCE, this::onConfirmationDue)
                .onMessageEquals(RemovalTimeout.INSTANCE, Behaviors::stopped)
                .onMessageEquals(DestinationActor.JournalOpeningDue.INSTANCE, () -> {
                    journal.open();
                    return this;
                })
                .onMessage(Command.class, command -> this)
                .build();
    }

    private Behavior<Command> onDefine(Define define) {
        Definition next = define.definition();
        if (next.revision() > removedAt && (definition == null || next.revision() >= definition.revision())) {
            boolean goesOn = next.isEquivalentTo(definition) && !status.removed();
            boolean isRepeated = goesOn && next.equals(definition);
            definition = next;
            if (!goesOn) {
                redefined();
            }
            if (!isRepeated || replicaReads.isDue(next.place(), destination.nowMs())) {
                destination.readReplicated();
            }
        }
        return this;
    }

    private void redefined() {
        List<String> logged = plan == null ? List.of() : plan.warnings();
        plan = setup.settings().of(definition);
        plan.warnings().stream()
                .filter(text -> !logged.contains(text))
                .forEach(getContext().getLog()::warn);
        destination.timers().cancel(RemovalTimeout.INSTANCE);
        changeTo(status.defined(definition.initial(), destination.nowMs()), JournalEntry.ChangeCause.TRANSITION);
        schedule();
    }

    private Behavior<Command> onRemove(Remove remove) {
        if (!status.removed() && remove.revision() > definition.revision()) {
            removedAt = remove.revision();
            remove(remove);
        }
        return status.removed() && journal.isEmpty() ? Behaviors.stopped() : this;
    }

    private void remove(Remove remove) {
        destination.timers().startSingleTimer(RemovalTimeout.INSTANCE, LEAVING);
        abandon();
        changeTo(status.withdrawn(remove.who(), remove.why()), JournalEntry.ChangeCause.REMOVED);
        schedule();
        answerProbeOrders(status, true);
        confirmation.sendAll();
    }

    private Behavior<Command> onStop() {
        boolean underWay = pendingProbe != null;
        abandon();
        answerProbeOrders(status, underWay);
        return StoppingDestinationActor.create(destination, journal, confirmation);
    }

    private Behavior<Command> onObserve(DestinationActor.Observe observe) {
        if (status.removed()) {
            return this;
        }
        Observation seen = observe.observation();
        boolean doubtful = seen.silent() && plan.opinionNodes() > 0 && status.wouldTrip(seen, plan.limits());
        boolean pingAsks = disputed && plan.pings(status);
        if (doubtful && pendingProbe == null && !pingAsks) {
            pendingProbe = new PendingProbe(++inquiries, destination.nowMs(), observe.node());
            pendingProbe.suspect((now, confirmed) -> now.observed(seen, plan.limits(), confirmed, destination.nowMs()));
            destination.askPeers(pendingProbe, plan, !setup.node().equals(observe.node()));
            concludeIfDecided();
        } else {
            applyEvidence(status.observed(seen, plan.limits(), !doubtful, destination.nowMs()), seen.isAlive());
        }
        return this;
    }

    private Behavior<Command> onOrder(Order order) {
        String refusal = order.whyRefused(status);
        if (status.hasExecuted(order.ticket().order())) {
            replyWhenKnown(order, false);
        } else if (!refusal.isEmpty()) {
            order.replyTo().tell(StatusReply.error(refusal));
        } else {
            execute(order.applyTo(status, destination.nowMs()), order);
        }
        return this;
    }

    /** Executes an operator's order: results of pings that were sent before it are ignored. */
    private void execute(Status then, Order order) {
        abandon();
        localChanges = localChanges.withOperator();
        Status next = then.ordered(order.ticket().order(), status);
        boolean isNew = !next.equals(status);
        changeTo(next, JournalEntry.ChangeCause.OPERATOR);
        schedule();
        answerProbeOrders(status, true);
        replyWhenKnown(order, isNew);
    }

    /** Replies when the order is confirmed; only this node may know the status of a repeated order. */
    private void replyWhenKnown(Order order, boolean isNew) {
        confirmation.add(status, now -> order.replyTo().tell(StatusReply.success(now)));
        if (status.removed()) {
            confirmation.sendAll();
        } else if (!isNew) {
            destination.publish(status, true);
            journal.add(new JournalEntry(JournalEntry.ChangeCause.COUNT, status, destination.nowMs()));
        }
    }

    private Behavior<Command> onStatusReplicated(DestinationActor.StatusReplicated spread) {
        confirmation.replicated(spread.version(), status.version());
        return this;
    }

    private Behavior<Command> onConfirmationDue() {
        confirmation.check(status);
        return this;
    }

    private Behavior<Command> onProbeNow(DestinationActor.ProbeNow probe) {
        if (status.removed()) {
            probe.replyTo().tell(StatusReply.error(DestinationActor.NOT_DEFINED));
            return this;
        }
        pendingProbeReplies.add(probed -> probe.replyTo().tell(StatusReply.success(probed)));
        destination.limitProbeReplies();
        pingUnlessPending();
        return this;
    }

    private Behavior<Command> answerProbeOrders(Status now, boolean underWay) {
        destination.timers().cancel(DestinationActor.ProbeReplyTimeout.INSTANCE);
        pendingProbeReplies.answer(now, underWay);
        return this;
    }

    private Behavior<Command> onGetReport(DestinationActor.GetReport get) {
        get.replyTo()
                .tell(new DestinationActor.Report(
                        destination.id(),
                        setup.node(),
                        definition,
                        status,
                        lastPing,
                        pingTimes.lastAtMs(),
                        pingTimes.nextAtMs(),
                        peerResults,
                        disputed,
                        journal.unsaved()));
        return this;
    }

    private Behavior<Command> onPingDue() {
        if (plan != null && plan.pings(status)) {
            pingUnlessPending();
        }
        return this;
    }

    /** At most one ping is pending. */
    private void pingUnlessPending() {
        long nowMs = destination.nowMs();
        if (pendingProbe == null || pendingProbe.isOverdue(nowMs, plan.ping().timeoutMs() + LOST_MS)) {
            pendingProbe = new PendingProbe(++inquiries, nowMs);
            pingTimes.sent(nowMs);
            schedule();
            destination.ping(pendingProbe, plan.ping());
            if (plan.isLastChance(status)) {
                destination.askPeers(pendingProbe, plan, false);
            }
        } else {
            schedule();
        }
    }

    private Behavior<Command> onPinged(DestinationActor.Pinged pinged) {
        if (!PendingProbe.isOpen(pendingProbe, pinged.inquiry())) {
            return this;
        }
        PingResult result = pinged.result();
        lastPing = result;
        PendingProbe.Suspicion meaning =
                (now, confirmed) -> now.pinged(result, plan.limits(), confirmed, destination.nowMs());
        if (!status.wouldTrip(result, plan.limits())) {
            conclude(meaning, true, plan.limits().isAlive(result));
            return this;
        }
        pendingProbe.suspect(meaning);
        if (!pendingProbe.hasAskedPeers()) {
            destination.askPeers(pendingProbe, plan, false);
        }
        concludeIfDecided();
        return this;
    }

    private Behavior<Command> onPeerProbed(DestinationActor.PeerProbed probed) {
        if (PendingProbe.isOpen(pendingProbe, probed.inquiry())) {
            pendingProbe.addPeerResult(probed.opinion());
            peerResults = pendingProbe.opinion().results();
            concludeIfDecided();
        }
        return this;
    }

    private Behavior<Command> onPeerProbeTimeout(PeerProbeTimeout due) {
        if (PendingProbe.isOpen(pendingProbe, due.inquiry())) {
            pendingProbe.stopWaiting();
            concludeIfDecided();
        }
        return this;
    }

    private void concludeIfDecided() {
        PeerQuorum.Agreement verdict = pendingProbe.agreement(plan.limits());
        if (verdict != PeerQuorum.Agreement.OPEN) {
            boolean confirmed = verdict != PeerQuorum.Agreement.DISPUTED;
            conclude(pendingProbe.suspicion(), confirmed, !confirmed);
            disputed = !confirmed;
        }
    }

    private void conclude(PendingProbe.Suspicion meaning, boolean confirmed, boolean success) {
        closeInquiry();
        applyEvidence(meaning.apply(status, confirmed), success);
        answerProbeOrders(status, false);
    }

    private void abandon() {
        closeInquiry();
        disputed = false;
    }

    private void closeInquiry() {
        pendingProbe = null;
        destination.timers().cancel(PeerProbeTimeout.class);
    }

    private void applyEvidence(Status next, boolean success) {
        localChanges = localChanges.withEvidence(status, next, success);
        disputed &= next.failures() > 0 && next.state() == status.state();
        changeTo(next, JournalEntry.ChangeCause.COUNT);
    }

    private Behavior<Command> onJournalReply(JournalReply said) {
        confirmation.onJournalReply(said.answer());
        Status other = journal.onReply(said.answer(), status.version());
        if (journal.isSuperseded(status.version())) {
            // Merging would begin a new term, which would win over the actor that wrote into the journal.
            return Behaviors.stopped();
        }
        merge(other);
        return status.removed() && journal.isEmpty() ? Behaviors.stopped() : this;
    }

    /** Merges a status from elsewhere if it is newer than what this actor started with; null if there is none. */
    private Behavior<Command> merge(Status late) {
        if (late != null && late.supersedes(status.version(), base)) {
            base = late.version();
            Status then = status.removed() ? late : late.defined(definition.initial(), destination.nowMs());
            changeTo(
                    status.mergedWith(then, localChanges, setup.nodeNumber()),
                    status.removed() ? JournalEntry.ChangeCause.REMOVED : JournalEntry.ChangeCause.COUNT);
            schedule();
        }
        return this;
    }

    /** Applies a change: publishes it to the nodes, notifies the listener, then writes it to the journal. */
    private void changeTo(Status next, JournalEntry.ChangeCause cause) {
        if (next.equals(status)) {
            return;
        }
        DestinationEvent event = DestinationEvent.between(destination.id(), definition, status, next);
        JournalEntry entry = JournalEntry.between(status, next, cause, event != null, destination.nowMs());
        status = next;
        destination.publish(next, cause == JournalEntry.ChangeCause.OPERATOR || !confirmation.isEmpty());
        if (event != null) {
            setup.events().onChange(event);
        }
        schedule();
        journal.add(entry);
    }

    private void schedule() {
        destination.pingAfter(pingTimes.next(plan, definition, status, destination.nowMs()));
    }
}
