package org.sipdispatch.destination;

import java.util.List;
import org.sipdispatch.destination.DestinationActor.Command;
import org.sipdispatch.destination.DestinationActor.PingDue;
import org.sipdispatch.destination.DestinationActor.TargetPingDue;

/**
 * The pings of a destination without targets, or of one target, and the results of other nodes: at most one inquiry is
 * pending. Not thread-safe.
 */
final class ProbeCycle {
    /** What is pinged. */
    interface Subject {
        Status status();

        /** Not null while anything is pinged or observed. */
        ProbePlan plan();

        /** When pings are due; null while none are. */
        PingSchedule slots();

        /** A number that no other inquiry of the actor has. */
        long nextInquiry();

        /**
         * Applies the result of a ping or an observation.
         *
         * @param success whether it showed that the subject answers
         */
        void apply(Status next, boolean success);

        /** An inquiry has ended and was applied. */
        void ended();
    }

    /** A ping without a result is abandoned this long after its timeout. */
    private static final long LOST_MS = 5000;

    private final DestinationActorContext destination;
    private final String target;
    private final Subject subject;
    private final Command due;
    private final PingTimes times = new PingTimes();
    private PendingProbe pending;
    private PingResult lastPing;
    private List<PeerProbeResult> peerResults = List.of();
    private boolean disputed;

    /** {@code target}: the name of the target; empty for the destination itself. */
    ProbeCycle(DestinationActorContext destination, String target, Subject subject) {
        this.destination = destination;
        this.target = target;
        this.subject = subject;
        due = target.isEmpty() ? PingDue.INSTANCE : new TargetPingDue(target);
    }

    boolean isPending() {
        return pending != null;
    }

    /** Whether the pending inquiry has this number. */
    boolean isOpen(long inquiry) {
        return PendingProbe.isOpen(pending, inquiry);
    }

    PingResult lastPing() {
        return lastPing;
    }

    long lastPingAtMs() {
        return times.lastAtMs();
    }

    long nextPingAtMs() {
        return times.nextAtMs();
    }

    List<PeerProbeResult> peerResults() {
        return peerResults;
    }

    boolean isDisputed() {
        return disputed;
    }

    /** Ignores the result of the pending inquiry. */
    void abandon() {
        closeInquiry();
        disputed = false;
    }

    /** Ends the pings. */
    void stop() {
        abandon();
        destination.pingAfter(PingTimes.NONE, due);
    }

    void schedule() {
        destination.pingAfter(times.next(subject.slots(), subject.status(), destination.nowMs()), due);
    }

    /** See {@link DestinationActorContext#pingSoon}. */
    void pingSoon(StatusVersion before, Definition definition) {
        destination.pingSoon(before, definition, due);
    }

    void onPingDue() {
        if (subject.slots() != null) {
            pingUnlessPending();
        }
    }

    /** At most one ping is pending. */
    void pingUnlessPending() {
        long nowMs = destination.nowMs();
        Ping ping = ping();
        if (pending == null || pending.isOverdue(nowMs, ping.timeoutMs() + LOST_MS)) {
            pending = new PendingProbe(subject.nextInquiry(), nowMs);
            times.sent(nowMs);
            schedule();
            destination.ping(pending, ping);
            if (subject.plan().isLastChance(subject.status())) {
                askPeers(false);
            }
        } else {
            schedule();
        }
    }

    private Ping ping() {
        return subject.plan().ping().to(target);
    }

    private void askPeers(boolean thisNodeToo) {
        destination.askPeers(pending, subject.plan(), ping(), thisNodeToo);
    }

    /** {@code node}: the node whose traffic is observed. */
    void observe(Observation seen, String node) {
        ProbePlan plan = subject.plan();
        Status status = subject.status();
        boolean doubtful = seen.silent() && plan.opinionNodes() > 0 && status.wouldTrip(seen, plan.limits());
        boolean pingAsks = disputed && subject.slots() != null;
        if (doubtful && pending == null && !pingAsks) {
            pending = new PendingProbe(subject.nextInquiry(), destination.nowMs(), node);
            pending.suspect((now, confirmed) -> now.observed(seen, plan.limits(), confirmed, destination.nowMs()));
            askPeers(!destination.setup().node().equals(node));
            concludeIfDecided();
        } else {
            apply(status.observed(seen, plan.limits(), !doubtful, destination.nowMs()), seen.isAlive());
        }
    }

    /** The pending ping has ended. */
    void onPinged(PingResult result) {
        HealthThresholds limits = subject.plan().limits();
        lastPing = result;
        PendingProbe.Suspicion meaning = (now, confirmed) -> now.pinged(result, limits, confirmed, destination.nowMs());
        if (!subject.status().wouldTrip(result, limits)) {
            conclude(meaning, true, limits.isAlive(result));
            return;
        }
        pending.suspect(meaning);
        if (!pending.hasAskedPeers()) {
            askPeers(false);
        }
        concludeIfDecided();
    }

    void onPeerProbed(PeerProbeResult opinion) {
        pending.addPeerResult(opinion);
        peerResults = pending.opinion().results();
        concludeIfDecided();
    }

    void onPeerProbeTimeout() {
        pending.stopWaiting();
        concludeIfDecided();
    }

    private void concludeIfDecided() {
        PeerQuorum.Agreement verdict = pending.agreement(subject.plan().limits());
        if (verdict != PeerQuorum.Agreement.OPEN) {
            boolean confirmed = verdict != PeerQuorum.Agreement.DISPUTED;
            conclude(pending.suspicion(), confirmed, !confirmed);
            disputed = !confirmed;
        }
    }

    private void conclude(PendingProbe.Suspicion meaning, boolean confirmed, boolean success) {
        closeInquiry();
        apply(meaning.apply(subject.status(), confirmed), success);
        subject.ended();
    }

    private void apply(Status next, boolean success) {
        disputed &= next.failures() > 0 && next.state() == subject.status().state();
        subject.apply(next, success);
    }

    private void closeInquiry() {
        if (pending != null) {
            destination.forgetPeers(pending);
            pending = null;
        }
    }
}
