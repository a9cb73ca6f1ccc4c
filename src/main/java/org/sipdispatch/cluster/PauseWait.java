package org.sipdispatch.cluster;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.sipdispatch.membership.ClusterSettings;
import org.sipdispatch.membership.MembershipLease;
import org.sipdispatch.membership.PauseDetector;
import org.sipdispatch.replication.TrafficViewUpdater;
import org.sipdispatch.settings.Section;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The wait after a pause of this process, during which new calls wait or are rejected. Ends when the cluster has
 * confirmed this node's states, or when no other node has answered for so long that this node is cut off and the
 * journal has been read. Thread-safe.
 */
final class PauseWait {
    private static final Logger LOG = LoggerFactory.getLogger(PauseWait.class);
    private static final Duration CHECK_INTERVAL = Duration.ofMillis(250);
    /**
     * A node without an answer from any other node for this long is cut off: its calls use the states from the journal,
     * or the last known ones if the journal's database does not answer either.
     */
    private static final Duration CUT_OFF = Duration.ofSeconds(10);
    /**
     * A node that is cut off waits for the journal for this long, not counting pauses: on a busy host each reading may
     * be interrupted by a pause. It waits again when a reading has succeeded.
     */
    private static final Duration LONGEST_READING = JournalReader.LONGEST;

    /** Runs a task once after a delay. */
    interface DelayedTask {
        void schedule(Duration delay, Runnable task);
    }

    private final ClusterSettings settings;
    private final TrafficViewUpdater traffic;
    private final PauseDetector detector;
    private final DelayedTask timer;
    private final Supplier<MembershipLease> lease;
    private final Supplier<CompletionStage<Boolean>> journal;
    private long waitedFor;
    private boolean checking;
    private int checks;
    private int silentChecks;
    private boolean cutOff;
    private boolean reading;
    private int readingChecks;
    private String reason = "";

    /**
     * Creates a wait.
     *
     * @param lease supplies the lease of the current session; null before the first one
     * @param journal gives traffic the states from the journal; false if the journal does not answer. Called during a
     *     session
     */
    PauseWait(
            ClusterSettings settings,
            TrafficViewUpdater traffic,
            PauseDetector detector,
            DelayedTask timer,
            Supplier<MembershipLease> lease,
            Supplier<CompletionStage<Boolean>> journal) {
        this.settings = settings;
        this.traffic = traffic;
        this.detector = detector;
        this.timer = timer;
        this.lease = lease;
        this.journal = journal;
    }

    /**
     * Starts the wait after a detected pause. A node that was cut off before the pause waits only for the journal: the
     * other nodes may have executed orders during the pause, and be silent again. Another pause during the wait does
     * not restart it: on a busy host the wait would never end.
     */
    synchronized void begin(long pauses) {
        if (!detector.isUnconfirmed()) {
            return;
        }
        if (!settings.hasPeers()) {
            end(pauses);
            return;
        }
        if (!checking || detector.confirmedPauses() >= waitedFor) {
            beginAnew();
        }
        waitedFor = pauses;
        if (reading) {
            readJournal();
        } else {
            LOG.warn("new calls wait until the other nodes have confirmed this node's membership");
        }
        if (!checking && detector.isUnconfirmed()) {
            checkLater();
        }
    }

    private void beginAnew() {
        checks = 0;
        silentChecks = 0;
        reading = isStillCutOff();
        readingChecks = reading ? readingChecks : 0;
        reason = "this node is still cut off from the others";
    }

    private boolean isStillCutOff() {
        MembershipLease now = lease.get();
        cutOff &= now != null && !now.wasConfirmed();
        return cutOff && now.answeredLately().isEmpty();
    }

    private void checkLater() {
        checking = true;
        timer.schedule(CHECK_INTERVAL, this::check);
    }

    private synchronized void check() {
        checking = false;
        if (!detector.isUnconfirmed()) {
            return;
        }
        if (reading) {
            readingChecks++;
            endUnlessTimeIsLeft();
        } else {
            checkMembership();
        }
        if (!checking && detector.isUnconfirmed()) {
            checkLater();
        }
    }

    private void checkMembership() {
        checks++;
        MembershipLease now = lease.get();
        boolean answered = now != null && !now.answeredLately().isEmpty();
        // The lease of a session that has just begun has no answers yet.
        silentChecks = answered ? 0 : silentChecks + 1;
        Duration waited = CHECK_INTERVAL.multipliedBy(checks);
        boolean isCutOff = CHECK_INTERVAL.multipliedBy(silentChecks).compareTo(CUT_OFF) >= 0;
        if (answered && detector.isOnlyAssumed() && now.hasStatusesOfMajority(settings.nodes())) {
            LOG.warn("most nodes decide nothing now; this node dispatches with the newest states that they know");
            end(waitedFor);
        } else if (isCutOff || waited.compareTo(settings.waitForView()) >= 0) {
            reason = "no other node has confirmed this node's membership within " + Section.format(waited);
            reading = true;
            readJournal();
        }
    }

    /** Reads again after each pause. Also reads if no time is left: the calls use what arrives later. */
    private void readJournal() {
        long pauses = waitedFor;
        CompletionStage<Boolean> read = lease.get() == null ? CompletableFuture.completedFuture(false) : journal.get();
        read.whenComplete((complete, failure) -> journalRead(pauses, failure == null && complete));
        endUnlessTimeIsLeft();
    }

    private void endUnlessTimeIsLeft() {
        boolean isOver = CHECK_INTERVAL.multipliedBy(readingChecks).compareTo(LONGEST_READING) >= 0;
        if (reading && isOver) {
            endCutOff(false);
        }
    }

    private synchronized void journalRead(long pauses, boolean complete) {
        if (detector.pauses() != pauses) {
            return;
        }
        readingChecks = complete ? 0 : readingChecks;
        if (reading && detector.isUnconfirmed()) {
            endCutOff(complete);
        }
    }

    private void endCutOff(boolean complete) {
        LOG.warn(
                "{}; it dispatches with {}",
                reason,
                complete ? "the newest states in the journal" : "the last known states");
        cutOff = true;
        end(waitedFor);
    }

    private void end(long pauses) {
        checks = 0;
        silentChecks = 0;
        reading = false;
        detector.confirm(pauses);
        traffic.confirmed(pauses);
    }
}
