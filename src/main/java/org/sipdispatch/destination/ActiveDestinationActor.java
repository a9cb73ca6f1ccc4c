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
import org.sipdispatch.destination.DestinationActor.PeerProbed;
import org.sipdispatch.destination.DestinationActor.Pinged;
import org.sipdispatch.destination.DestinationActor.RemovalTimeout;
import org.sipdispatch.destination.DestinationActor.Remove;
import org.sipdispatch.sets.Target;

/** The running actor of a destination: applies ping results, observations and orders to the {@link Status}. */
final class ActiveDestinationActor extends AbstractBehavior<Command> {
    private static final Duration LEAVING = Duration.ofSeconds(5);

    private final DestinationActorContext destination;
    private final DestinationActor.Setup setup;
    private final JournalWriter journal;
    private final OrderConfirmation confirmation;
    private final PendingProbeReplies pendingProbeReplies = new PendingProbeReplies();
    private final Probes probes;
    private Definition definition;
    private ProbePlan plan;
    private Status status;
    private long removedAt;
    private StatusVersion base;
    private LocalChanges localChanges = LocalChanges.NONE;
    private final ReplicaReads replicaReads = new ReplicaReads();
    /** Of a name without targets; empty until it is known. */
    private List<Target> onlyAddress = List.of();

    /** What the pings know of this actor, and do to it. */
    private final class Owner implements Probes.Owner {
        @Override
        public Status status() {
            return status;
        }

        @Override
        public ProbePlan plan() {
            return plan;
        }

        @Override
        public Definition definition() {
            return definition;
        }

        @Override
        public void apply(Status next, boolean success) {
            localChanges = localChanges.withEvidence(status, next, success);
            changeTo(next, JournalEntry.ChangeCause.COUNT);
        }

        @Override
        public void ended() {
            if (!probes.isPending()) {
                answerProbeOrders(status, false);
            }
        }
    }

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
        this.probes = new Probes(destination, new Owner());
        if (loaded.definition() == null) {
            remove(loaded.removal());
        } else {
            setup.replicator().publish(destination.id(), status);
            definition = loaded.definition();
            redefined();
            probes.pingSoon(base, definition);
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
        if (probes.isPending()) {
            probes.abandon();
            answerProbeOrders(status, true);
        }
    }

    void resume() {
        journal.resume();
        probes.schedule();
        findTargets();
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Define.class, this::onDefine)
                .onMessage(Remove.class, this::onRemove)
                .onMessage(DestinationActor.Observe.class, seen -> onObserve(seen.observation(), seen.node()))
                .onMessage(
                        DestinationActor.ObserveTarget.class,
                        seen -> onObserve(seen.observation().at(seen.target()), seen.node()))
                .onMessage(Order.class, this::onOrder)
                .onMessage(DestinationActor.ProbeNow.class, this::onProbeNow)
                .onMessage(DestinationActor.GetReport.class, this::onGetReport)
                .onMessageEquals(DestinationActor.Stop.INSTANCE, this::onStop)
                .onMessageEquals(DestinationActor.PingDue.INSTANCE, () -> probed(() -> probes.onPingDue("")))
                .onMessage(DestinationActor.TargetPingDue.class, due -> probed(() -> probes.onPingDue(due.target())))
                .onMessageEquals(
                        DestinationActor.ProbeReplyTimeout.INSTANCE,
                        () -> answerProbeOrders(status, probes.isPending()))
                .onMessage(Pinged.class, done -> probed(() -> probes.onPinged(done.inquiry(), done.result())))
                .onMessage(PeerProbed.class, done -> probed(() -> probes.onPeerProbed(done.inquiry(), done.opinion())))
                .onMessage(PeerProbeTimeout.class, due -> probed(() -> probes.onPeerProbeTimeout(due.inquiry())))
                .onMessageEquals(DestinationActor.TargetsDue.INSTANCE, this::findTargets)
                .onMessage(DestinationActor.TargetsFound.class, this::onTargetsFound)
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
        probes.schedule();
        findTargets();
    }

    /** Asks DNS if the destination is a name. */
    private Behavior<Command> findTargets() {
        if (definition != null && definition.destination().isNamed() && !status.removed()) {
            destination.findTargets(definition.destination());
        }
        return this;
    }

    /** A name that always had one and the same address, over the transport of the URI, has no targets. */
    private Behavior<Command> onTargetsFound(DestinationActor.TargetsFound message) {
        FoundTargets found = message.found();
        if (status.removed()) {
            return this;
        }
        destination.findTargetsAfter(found.ttlMs());
        Targets before = status.targets();
        boolean begins = beginsTargets(found.targets());
        if (!before.isNone() || begins) {
            long nowMs = destination.nowMs();
            // Those of a destination that has failed as a whole get requests only after a ping.
            Status first = new Status(
                    StatusVersion.NONE,
                    false,
                    before.isNone() && status.probing(),
                    false,
                    0,
                    0,
                    false,
                    nowMs,
                    Targets.DNS,
                    "new");
            Targets now = before.found(found, first);
            if (found.targets().size() > Targets.MOST && !now.equals(before)) {
                getContext()
                        .getLog()
                        .warn(
                                "{}: {} addresses, of which {} are used (expected: no more than these)",
                                destination.id(),
                                found.targets().size(),
                                Targets.MOST);
            }
            changeTo(status.withTargets(now, "probe", now.reason(), nowMs), JournalEntry.ChangeCause.COUNT);
        } else {
            Status noted = status.withTargets(Targets.none(found), Targets.DNS, "", destination.nowMs());
            changeTo(noted, JournalEntry.ChangeCause.COUNT);
        }
        return this;
    }

    private boolean beginsTargets(List<Target> addresses) {
        List<Target> before = onlyAddress;
        onlyAddress = addresses.isEmpty() ? before : addresses;
        boolean isAnother = !before.isEmpty() && !before.equals(addresses);
        boolean hasTransport =
                addresses.stream().anyMatch(one -> !one.transport().isEmpty());
        return addresses.size() > 1 || addresses.size() == 1 && isAnother || hasTransport;
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
        probes.abandon();
        changeTo(status.withdrawn(remove.who(), remove.why()), JournalEntry.ChangeCause.REMOVED);
        probes.schedule();
        answerProbeOrders(status, true);
        confirmation.sendAll();
    }

    private Behavior<Command> onStop() {
        boolean underWay = probes.isPending();
        probes.abandon();
        answerProbeOrders(status, underWay);
        return StoppingDestinationActor.create(destination, journal, confirmation);
    }

    private Behavior<Command> onObserve(Observation seen, String node) {
        return status.removed() ? this : probed(() -> probes.observe(seen, node));
    }

    private Behavior<Command> probed(Runnable evidence) {
        evidence.run();
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
        probes.abandon();
        localChanges = localChanges.withOperator();
        Status next = then.ordered(order.ticket().order(), status);
        boolean isNew = !next.equals(status);
        changeTo(next, JournalEntry.ChangeCause.OPERATOR);
        probes.schedule();
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
        probes.pingNow();
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
                        probes.lastPing(),
                        probes.lastPingAtMs(),
                        probes.nextPingAtMs(),
                        probes.peerResults(),
                        probes.isDisputed(),
                        journal.unsaved()));
        return this;
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
            probes.schedule();
        }
        return this;
    }

    /** Applies a change: publishes it to the nodes, notifies the listener, then writes it to the journal. */
    private void changeTo(Status then, JournalEntry.ChangeCause cause) {
        if (then.equals(status)) {
            return;
        }
        long atMs = then.hasSameVisibleState(status) ? destination.nowMs() : then.sinceMs();
        List<Targets.Change> ofTargets = then.targets().changesSince(status.targets(), atMs);
        Status next = then.withLastChange(ofTargets, atMs);
        DestinationEvent event = DestinationEvent.between(destination.id(), definition, status, next);
        boolean isVisible = event != null || !ofTargets.isEmpty();
        JournalEntry entry = JournalEntry.between(status, next, cause, isVisible, destination.nowMs());
        status = next;
        destination.publish(next, cause == JournalEntry.ChangeCause.OPERATOR || !confirmation.isEmpty());
        if (event != null) {
            setup.events().onChange(event);
        }
        ofTargets.forEach(change -> setup.events().onTarget(destination.id(), change));
        probes.schedule();
        journal.add(entry);
    }
}
