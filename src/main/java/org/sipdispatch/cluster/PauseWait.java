package org.sipdispatch.cluster;

import java.time.Duration;
import java.util.function.Supplier;
import org.sipdispatch.membership.ClusterSettings;
import org.sipdispatch.membership.MembershipLease;
import org.sipdispatch.membership.PauseDetector;
import org.sipdispatch.replication.TrafficPort;
import org.sipdispatch.settings.Section;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The wait after a pause of this process, during which new calls wait or are rejected. Ends when the cluster has
 * confirmed this node's states, or when no other node has answered for so long that this node is cut off. Thread-safe.
 */
final class PauseWait {
    private static final Logger LOG = LoggerFactory.getLogger(PauseWait.class);
    private static final Duration CHECK_INTERVAL = Duration.ofMillis(250);
    /** A node without an answer from any other node for this long is cut off: its calls use the last known states. */
    private static final Duration CUT_OFF = Duration.ofSeconds(10);

    /** Runs a task once after a delay. */
    interface DelayedTask {
        void schedule(Duration delay, Runnable task);
    }

    private final ClusterSettings settings;
    private final TrafficPort traffic;
    private final PauseDetector detector;
    private final DelayedTask timer;
    private final Supplier<MembershipLease> lease;
    private long waitedFor;
    private int checks;
    private int silentChecks;
    private boolean cutOff;

    /** {@code lease}: supplies the lease of the current session; null before the first one. */
    PauseWait(
            ClusterSettings settings,
            TrafficPort traffic,
            PauseDetector detector,
            DelayedTask timer,
            Supplier<MembershipLease> lease) {
        this.settings = settings;
        this.traffic = traffic;
        this.detector = detector;
        this.timer = timer;
        this.lease = lease;
    }

    /**
     * Starts the wait after a detected pause. A node that was cut off before the pause does not wait: it knows no less
     * than before. Another pause during the wait does not restart it: on a busy host the wait would never end.
     */
    synchronized void begin(long pauses) {
        if (!detector.isUnconfirmed()) {
            return;
        }
        if (!settings.hasPeers() || isStillCutOff()) {
            end(pauses);
            return;
        }
        if (detector.confirmedPauses() >= waitedFor) {
            checks = 0;
            silentChecks = 0;
        }
        waitedFor = pauses;
        LOG.warn("new calls wait until the other nodes have confirmed this node's membership");
        checkLater(pauses);
    }

    private boolean isStillCutOff() {
        MembershipLease now = lease.get();
        cutOff &= now != null && !now.wasConfirmed();
        return cutOff && now.answeredLately().isEmpty();
    }

    private void checkLater(long pauses) {
        timer.schedule(CHECK_INTERVAL, () -> check(pauses));
    }

    private synchronized void check(long pauses) {
        if (detector.pauses() != pauses || !detector.isUnconfirmed()) {
            return;
        }
        checks++;
        MembershipLease now = lease.get();
        boolean answered = now != null && !now.answeredLately().isEmpty();
        // The lease of a session that has just begun has no answers yet.
        silentChecks = answered ? 0 : silentChecks + 1;
        Duration waited = CHECK_INTERVAL.multipliedBy(checks);
        boolean isCutOff = CHECK_INTERVAL.multipliedBy(silentChecks).compareTo(CUT_OFF) >= 0;
        if (answered && detector.isOnlyAssumed() && now.hasStatusesOfMajority(settings.nodes())) {
            LOG.warn("most nodes decide nothing now; this node dispatches with the newest states that they know");
            end(pauses);
        } else if (isCutOff || waited.compareTo(settings.waitForView()) >= 0) {
            LOG.warn(
                    "no other node has confirmed this node's membership within {}; it dispatches with the last known states",
                    Section.format(waited));
            cutOff = true;
            end(pauses);
        } else {
            checkLater(pauses);
        }
    }

    private void end(long pauses) {
        checks = 0;
        silentChecks = 0;
        detector.confirm(pauses);
        traffic.confirmed(pauses);
    }
}
