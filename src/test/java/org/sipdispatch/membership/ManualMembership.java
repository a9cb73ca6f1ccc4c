package org.sipdispatch.membership;

import akka.actor.Address;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The lease and the pause detector of node 1, whose clock a test moves. */
public final class ManualMembership {
    private static final Duration TICK = Duration.ofMillis(100);

    private long nanos = 1_000_000_000_000L;
    private final PauseDetector detector = new PauseDetector(
            Duration.ofSeconds(1), this::nanos, () -> TimeUnit.NANOSECONDS.toMillis(nanos), pauses -> {});
    private final MembershipLease lease = new MembershipLease(detector, Duration.ofSeconds(2), this::nanos);

    long nanos() {
        return nanos;
    }

    public PauseDetector detector() {
        return detector;
    }

    public MembershipLease lease() {
        return lease;
    }

    /** Time passes while the process runs. */
    public void pass(Duration time) {
        for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(TICK)) {
            nanos += TICK.toNanos();
            detector.note();
        }
    }

    /** The process is paused. */
    public void pause(Duration time) {
        nanos += time.toNanos();
        detector.note();
    }

    private long ask(long number) {
        return lease.joinable().asked(new Address("akka", "test", "10.0.0." + number, 2552));
    }

    /** These nodes are members, and answer now that they list this node as a member. */
    public void answerAsMembers(long... numbers) {
        for (long number : numbers) {
            lease.answered(number, ask(number), true, true, true, List.of());
        }
    }

    /** Node {@code self} is a member of the cluster of these nodes, which its lease needs, and they confirm it now. */
    public void confirm(long self, long other) {
        answerAsMembers(other);
        lease.renew(Set.of(self, other), 2, self);
    }

    /** These nodes have no valid lease and send now all statuses that they know. */
    public void sendStatuses(long... numbers) {
        for (long number : numbers) {
            lease.statusesReceived(number);
        }
    }

    /** These nodes answer now that they are in no cluster. */
    public void answerFromOutside(long... numbers) {
        for (long number : numbers) {
            lease.answered(number, ask(number), false, false, false, List.of());
        }
    }
}
