package org.sipdispatch.membership;

import akka.actor.typed.ActorSystem;
import akka.cluster.Cluster;
import java.time.Duration;
import java.util.function.LongUnaryOperator;

/**
 * Whether the other nodes have removed this node during a pause: nodes that have put it into quarantine do not answer.
 * The failure detector would need two seconds longer to show it. Counts questions instead of time, because this node may
 * be slow after a pause.
 */
final class RemovedMemberDetector {
    /** Nodes that were paused together with this one may resume a little later. */
    private static final Duration MOST = Duration.ofSeconds(1);

    private final long quarantinedNanos;
    private final long most;
    private long questions;
    /** Since when there is another member to ask. */
    private long sinceNanos;

    /** A count for a node with these settings. */
    static RemovedMemberDetector of(ActorSystem<?> system, ClusterSettings settings) {
        Duration quarantine = Duration.ofMillis(
                Cluster.get(system).settings().QuarantineRemovedNodeAfter().toMillis());
        return new RemovedMemberDetector(settings.removal().plus(quarantine), settings.questionInterval());
    }

    /**
     * Creates a count.
     *
     * @param quarantined the others have removed a node that was silent for this long, and do not answer it
     * @param interval the time between two questions
     */
    RemovedMemberDetector(Duration quarantined, Duration interval) {
        quarantinedNanos = quarantined.toNanos();
        most = MOST.toMillis() / Math.max(1, interval.toMillis());
    }

    /**
     * Called before each question.
     *
     * @param isAsked whether there is another member to ask
     * @param isPauseConfirmed whether this node's membership was confirmed after its last pause: a node that was not
     *     paused has not been removed unnoticed
     * @param silentNanosSince time since the last question that was answered was sent, or since the given time if that is
     *     later
     * @return whether so many questions after a long silence had no answer that this node must have been removed
     */
    boolean areTooMany(boolean isAsked, boolean isPauseConfirmed, LongUnaryOperator silentNanosSince, long nowNanos) {
        if (!isAsked) {
            sinceNanos = nowNanos;
        }
        if (!isAsked || isPauseConfirmed || silentNanosSince.applyAsLong(sinceNanos) < quarantinedNanos) {
            questions = 0;
            return false;
        }
        // The first call precedes the first question after the pause.
        return questions++ >= most;
    }
}
