package org.sipdispatch.destination;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.pattern.StatusReply;
import java.time.Duration;
import java.util.List;
import org.sipdispatch.destination.DestinationActor.Command;
import org.sipdispatch.destination.DestinationActor.Define;
import org.sipdispatch.destination.DestinationActor.GetReport;
import org.sipdispatch.destination.DestinationActor.Heard;
import org.sipdispatch.destination.DestinationActor.JournalSaid;
import org.sipdispatch.destination.DestinationActor.LeavingDue;
import org.sipdispatch.destination.DestinationActor.Observe;
import org.sipdispatch.destination.DestinationActor.OpinionsDue;
import org.sipdispatch.destination.DestinationActor.Order;
import org.sipdispatch.destination.DestinationActor.Pinged;
import org.sipdispatch.destination.DestinationActor.ProbeNow;
import org.sipdispatch.destination.DestinationActor.ProbeOrdersDue;
import org.sipdispatch.destination.DestinationActor.Remove;
import org.sipdispatch.destination.DestinationActor.Report;
import org.sipdispatch.destination.DestinationActor.Spread;
import org.sipdispatch.destination.DestinationActor.Stop;

/** The running actor of a destination: applies ping results, observations and orders to the {@link Status}. */
final class LiveActor extends AbstractBehavior<Command> {
    /** A ping without a result is abandoned this long after its timeout. */
    private static final long LOST_MS = 5000;

    private static final Duration LEAVING = Duration.ofSeconds(5);

    /** The replicated status is read once per this many repetitions of a definition. */
    private static final int BOARD_EVERY = 10;

    private final LoadingActor.Surroundings here;
    private final DestinationActor.Setup setup;
    private final WayToJournal journal;
    private final Receipts receipts = new Receipts();
    private final ProbeOrders probeOrders = new ProbeOrders();
    private final PingTimes pingTimes = new PingTimes();
    private Definition definition;
    private ProbePlan plan;
    private Status status;
    private long removedAt;
    private Version base;
    private Spoken spoken = Spoken.NOBODY;
    private long repeated;
    private Inquiry inquiry;
    private long inquiries;
    private PingResult lastPing;
    private List<Opinion> opinions = List.of();
    private boolean disputed;

    LiveActor(
            LoadingActor.Surroundings here,
            ActorRef<DestinationJournal.Command> child,
            LoadingActor.Beginning beginning) {
        super(here.context());
        this.here = here;
        this.setup = here.setup();
        this.journal = new WayToJournal(here.id(), child, beginning.inherited(), here::isCurrent);
        this.removedAt = beginning.removedAt();
        this.base = beginning.base();
        this.status = beginning.status().takenUp(setup.nodeNumber());
        if (beginning.definition() == null) {
            leave(beginning.removal());
        } else {
            setup.board().publish(here.id(), status);
            definition = beginning.definition();
            redefined();
            here.hurry(base, definition);
        }
    }

    boolean isSuperseded() {
        return here.isSuperseded(status.version()) || journal.isSuperseded(status.version());
    }

    /** Ignores the result of a pending ping. */
    void abandonPing() {
        if (inquiry != null) {
            abandon();
            answerProbeOrders(status, true);
        }
    }

    void goOn() {
        journal.goOn();
        schedule();
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Define.class, this::onDefine)
                .onMessage(Remove.class, this::onRemove)
                .onMessage(Observe.class, this::onObserve)
                .onMessage(Order.class, this::onOrder)
                .onMessage(ProbeNow.class, this::onProbeNow)
                .onMessage(GetReport.class, this::onGetReport)
                .onMessageEquals(Stop.INSTANCE, this::onStop)
                .onMessageEquals(DestinationActor.PingDue.INSTANCE, this::onPingDue)
                .onMessageEquals(ProbeOrdersDue.INSTANCE, this::onProbeOrdersDue)
                .onMessage(Pinged.class, this::onPinged)
                .onMessage(Heard.class, this::onHeard)
                .onMessage(OpinionsDue.class, this::onOpinionsDue)
                .onMessage(DestinationActor.Known.class, known -> join(known.status()))
                .onMessage(JournalSaid.class, this::onJournalSaid)
                .onMessage(Spread.class, this::onSpread)
                .onMessageEquals(LeavingDue.INSTANCE, Behaviors::stopped)
                .onMessage(Command.class, command -> this)
                .build();
    }

    private Behavior<Command> onDefine(Define define) {
        Definition next = define.definition();
        if (next.revision() > removedAt && (definition == null || next.revision() >= definition.revision())) {
            boolean goesOn = next.worksAs(definition) && !status.removed();
            repeated = goesOn && next.equals(definition) ? repeated + 1 : 0;
            definition = next;
            if (!goesOn) {
                redefined();
            }
            // The place staggers the reads of different destinations.
            if (repeated == 0 || (next.place() + repeated) % BOARD_EVERY == 0) {
                here.askBoard();
            }
        }
        return this;
    }

    private void redefined() {
        List<String> told = plan == null ? List.of() : plan.warnings();
        plan = setup.settings().of(definition);
        plan.warnings().stream()
                .filter(text -> !told.contains(text))
                .forEach(getContext().getLog()::warn);
        here.timers().cancel(LeavingDue.INSTANCE);
        became(status.defined(definition.initial(), here.nowMs()), Recorded.Kind.TRANSITION);
        schedule();
    }

    private Behavior<Command> onRemove(Remove remove) {
        if (!status.removed() && remove.revision() > definition.revision()) {
            removedAt = remove.revision();
            leave(remove);
        }
        return status.removed() && journal.hasAll() ? Behaviors.stopped() : this;
    }

    private void leave(Remove remove) {
        here.timers().startSingleTimer(LeavingDue.INSTANCE, LEAVING);
        abandon();
        became(status.withdrawn(remove.who(), remove.why()), Recorded.Kind.REMOVED);
        schedule();
        answerProbeOrders(status, true);
        receipts.all();
    }

    private Behavior<Command> onStop() {
        boolean underWay = inquiry != null;
        abandon();
        answerProbeOrders(status, underWay);
        return EndingActor.create(here, journal, receipts);
    }

    private Behavior<Command> onObserve(Observe observe) {
        if (status.removed()) {
            return this;
        }
        Observation seen = observe.observation();
        boolean doubtful = seen.silent() && plan.opinionNodes() > 0 && status.wouldTrip(seen, plan.limits());
        boolean pingAsks = disputed && plan.pings(status);
        if (doubtful && inquiry == null && !pingAsks) {
            inquiry = new Inquiry(++inquiries, here.nowMs(), observe.node());
            inquiry.suspect((now, confirmed) -> now.observed(seen, plan.limits(), confirmed, here.nowMs()));
            here.ask(inquiry, plan, !setup.node().equals(observe.node()));
            settle();
        } else {
            found(status.observed(seen, plan.limits(), !doubtful, here.nowMs()), seen.showsLife());
        }
        return this;
    }

    private Behavior<Command> onOrder(Order order) {
        String refusal = order.whyRefused(status);
        if (status.knows(order.ticket().order())) {
            succeeded(order, false);
        } else if (!refusal.isEmpty()) {
            order.replyTo().tell(StatusReply.error(refusal));
        } else {
            said(order.on(status, here.nowMs()), order);
        }
        return this;
    }

    /** Executes an operator's order: results of pings that were sent before it are ignored. */
    private void said(Status then, Order order) {
        abandon();
        spoken = spoken.byOperator();
        Status next = then.ordered(order.ticket().order(), status);
        boolean isNew = !next.equals(status);
        became(next, Recorded.Kind.OPERATOR);
        schedule();
        answerProbeOrders(status, true);
        succeeded(order, isNew);
    }

    /** Replies once another node or the journal has the status; the order may have been executed a moment before. */
    private void succeeded(Order order, boolean isNew) {
        if (isNew || !receipts.isEmpty()) {
            receipts.owe(status, now -> order.replyTo().tell(StatusReply.success(now)));
        } else {
            order.replyTo().tell(StatusReply.success(status));
        }
    }

    private Behavior<Command> onSpread(Spread spread) {
        receipts.spread(spread.version());
        return this;
    }

    private Behavior<Command> onProbeNow(ProbeNow probe) {
        if (status.removed() || status.held()) {
            String reason = status.removed() ? DestinationActor.GONE : "held by " + status.who();
            probe.replyTo().tell(StatusReply.error(reason));
            return this;
        }
        probeOrders.add(probed -> probe.replyTo().tell(StatusReply.success(probed)));
        here.awaitPing();
        pingUnlessAsked();
        return this;
    }

    private Behavior<Command> answerProbeOrders(Status now, boolean underWay) {
        here.timers().cancel(ProbeOrdersDue.INSTANCE);
        probeOrders.answer(now, underWay);
        return this;
    }

    private Behavior<Command> onProbeOrdersDue() {
        return answerProbeOrders(status, inquiry != null);
    }

    private Behavior<Command> onGetReport(GetReport get) {
        get.replyTo()
                .tell(new Report(
                        here.id(),
                        setup.node(),
                        definition,
                        status,
                        lastPing,
                        pingTimes.lastAtMs(),
                        pingTimes.nextAtMs(),
                        opinions,
                        disputed,
                        journal.unsaved()));
        return this;
    }

    private Behavior<Command> onPingDue() {
        if (plan != null && plan.pings(status)) {
            pingUnlessAsked();
        }
        return this;
    }

    /** At most one ping is pending. */
    private void pingUnlessAsked() {
        long nowMs = here.nowMs();
        if (inquiry == null || inquiry.isLost(nowMs, plan.ping().timeoutMs() + LOST_MS)) {
            inquiry = new Inquiry(++inquiries, nowMs);
            pingTimes.sent(nowMs);
            schedule();
            here.ping(inquiry, plan.ping());
            if (plan.isLastChance(status)) {
                here.ask(inquiry, plan, false);
            }
        } else {
            schedule();
        }
    }

    private Behavior<Command> onPinged(Pinged pinged) {
        if (!Inquiry.isOpen(inquiry, pinged.inquiry())) {
            return this;
        }
        PingResult result = pinged.result();
        lastPing = result;
        Inquiry.Suspicion meaning = (now, confirmed) -> now.pinged(result, plan.limits(), confirmed, here.nowMs());
        if (!status.wouldTrip(result, plan.limits())) {
            conclude(meaning, true, plan.limits().showsLife(result));
            return this;
        }
        inquiry.suspect(meaning);
        if (!inquiry.hasAsked()) {
            here.ask(inquiry, plan, false);
        }
        settle();
        return this;
    }

    private Behavior<Command> onHeard(Heard heard) {
        if (Inquiry.isOpen(inquiry, heard.inquiry())) {
            inquiry.heard(heard.opinion());
            opinions = inquiry.opinion().heard();
            settle();
        }
        return this;
    }

    private Behavior<Command> onOpinionsDue(OpinionsDue due) {
        if (Inquiry.isOpen(inquiry, due.inquiry())) {
            inquiry.timeUp();
            settle();
        }
        return this;
    }

    private void settle() {
        SecondOpinion.Verdict verdict = inquiry.verdict(plan.limits());
        if (verdict != SecondOpinion.Verdict.OPEN) {
            boolean confirmed = verdict != SecondOpinion.Verdict.DISPUTED;
            conclude(inquiry.suspicion(), confirmed, !confirmed);
            disputed = !confirmed;
        }
    }

    private void conclude(Inquiry.Suspicion meaning, boolean confirmed, boolean life) {
        closeInquiry();
        found(meaning.settle(status, confirmed), life);
        answerProbeOrders(status, false);
    }

    private void abandon() {
        closeInquiry();
        disputed = false;
    }

    private void closeInquiry() {
        inquiry = null;
        here.timers().cancel(OpinionsDue.class);
    }

    private void found(Status next, boolean life) {
        spoken = spoken.byEvidence(status, next, life);
        disputed &= next.failures() > 0 && next.state() == status.state();
        became(next, Recorded.Kind.COUNT);
    }

    private Behavior<Command> onJournalSaid(JournalSaid said) {
        receipts.said(said.answer());
        Status other = journal.said(said.answer());
        if (journal.isSuperseded(status.version())) {
            // Merging would begin a new term, which would win over the actor that wrote into the journal.
            return Behaviors.stopped();
        }
        join(other);
        return status.removed() && journal.hasAll() ? Behaviors.stopped() : this;
    }

    /** Merges a status from elsewhere if it is newer than what this actor started with; null if there is none. */
    private Behavior<Command> join(Status late) {
        if (late != null && late.isNews(status.version(), base)) {
            base = late.version();
            Status then = status.removed() ? late : late.defined(definition.initial(), here.nowMs());
            became(
                    status.joined(then, spoken, setup.nodeNumber()),
                    status.removed() ? Recorded.Kind.REMOVED : Recorded.Kind.COUNT);
            schedule();
        }
        return this;
    }

    /** Applies a change: publishes it to the nodes, notifies the listener, then writes it to the journal. */
    private void became(Status next, Recorded.Kind kind) {
        if (next.equals(status)) {
            return;
        }
        DestinationEvent event = DestinationEvent.between(here.id(), definition, status, next);
        boolean transition = event != null && kind == Recorded.Kind.COUNT;
        status = next;
        here.publish(next, kind);
        if (event != null) {
            setup.events().happened(event);
        }
        schedule();
        journal.add(new Recorded(transition ? Recorded.Kind.TRANSITION : kind, next, here.nowMs()));
    }

    private void schedule() {
        here.pingAfter(pingTimes.next(plan, definition, status, here.nowMs()));
    }
}
