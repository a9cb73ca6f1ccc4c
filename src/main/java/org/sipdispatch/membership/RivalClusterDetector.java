package org.sipdispatch.membership;

/**
 * Tells a cluster that has died from one that lives beside ours, and which of the two ends. The dead leave their sign
 * of life to whoever takes it; the living take it back, again and again. Pure; time in milliseconds of a clock that
 * never goes back.
 */
final class RivalClusterDetector {
    /** Once may be a leader that has not heard yet that it is none any more. */
    private static final long SURE_MS = 10_000;

    /** The living take it back within some beats. */
    private static final long GAP_MS = 5_000;

    private String takenFrom = "";
    private long sinceMs = -1;
    private long lastMs;

    /** The sign of life was taken from that owner, who is none of ours; empty if it was one of ours, or nobody. */
    void tookFrom(String owner) {
        if (!owner.equals(takenFrom)) {
            takenFrom = owner;
            sinceMs = -1;
        }
    }

    /** That owner, who is none of ours, has it: whether it lives, and stays because its address is the lower one. */
    boolean prevails(String owner, String self, long nowMs) {
        if (!owner.equals(takenFrom)) {
            return false;
        }
        if (sinceMs < 0 || nowMs - lastMs > GAP_MS) {
            sinceMs = nowMs;
        }
        lastMs = nowMs;
        return nowMs - sinceMs > SURE_MS && owner.compareTo(self) < 0;
    }
}
