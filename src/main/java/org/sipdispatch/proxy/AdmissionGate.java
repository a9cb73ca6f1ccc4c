package org.sipdispatch.proxy;

import java.util.ArrayList;
import java.util.List;
import org.sipdispatch.observation.OverloadState;

/**
 * Decides which new requests a lane takes, by how long messages wait for the lane. As in CoDel (RFC 8289) the length of
 * a queue says nothing: a burst makes a long queue that is gone in a moment, while a queue that never becomes short
 * within the interval is a sign of overload. From then on the lane sheds new requests whenever messages wait longer
 * than a part of the target, so that it has time for what it has begun. It ends when the lane has shed little for a
 * second.
 *
 * <p>Not thread-safe. All times are nanoseconds of the same monotonic clock.
 */
public final class AdmissionGate {
    /** What to do with a new request. */
    public enum Decision {
        /** Relay it. */
        ADMIT,
        /** Refuse it with a response. */
        REFUSE,
        /** Drop it if its sender will repeat it, else refuse it. */
        DROP
    }

    private static final long WINDOW_NANOS = 1_000_000_000;
    /** With a smaller share the excess needs many intervals to make a queue of one interval. */
    private static final int LEAST_SHED_PERCENT = 10;
    /** One of so many is taken even if messages always wait too long. Otherwise a flood would end all calls. */
    private static final int ONE_OF = 32;
    /**
     * While the lane sheds, messages may wait for such a part of the target, so that even small buffers of the kernel
     * suffice.
     */
    private static final int PART_WHILE_SHEDDING = 5;

    private final boolean isOn;
    private final long targetNanos;
    private final long intervalNanos;
    private final long silentNanos;
    private final List<Source> sources = new ArrayList<>();
    private long waitedNanos;
    private boolean shedding;
    private boolean isOld;
    private long windowStartNanos;
    private long offered;
    private long taken;
    private long shed;
    private int shedPercent;
    private int askedPercent;
    private int admitNext = ONE_OF;

    public AdmissionGate(OverloadSettings settings) {
        isOn = settings.isOn();
        targetNanos = settings.target().toNanos();
        intervalNanos = settings.interval().toNanos();
        silentNanos = settings.silentAfter().toNanos();
    }

    /** A place where messages wait for the lane. */
    public final class Source {
        private final int targets;
        private long waited;
        private boolean above;
        private long aboveSinceNanos;

        private Source(int targets) {
            this.targets = targets;
        }

        /**
         * The messages that the lane takes from here now have waited. Call this once per turn.
         *
         * @param atMostNanos how long at most; certain
         * @param aboutNanos how long about; decides whether an overload begins, because a queue may be short and never
         *     empty
         */
        public void waited(long atMostNanos, long aboutNanos, long nowNanos) {
            waited = atMostNanos / targets;
            boolean isAbove = aboutNanos / targets > targetNanos;
            if (isAbove && !above) {
                aboveSinceNanos = nowNanos;
            }
            above = isAbove;
            measured(this, nowNanos);
        }
    }

    /**
     * Adds a place where messages wait.
     *
     * @param targets how many times the target they may wait there
     */
    public Source source(int targets) {
        Source source = new Source(targets);
        sources.add(source);
        return source;
    }

    private void measured(Source by, long nowNanos) {
        waitedNanos = 0;
        for (int i = 0; i < sources.size(); i++) {
            waitedNanos = Math.max(waitedNanos, sources.get(i).waited);
        }
        isOld = waitedNanos > targetNanos / PART_WHILE_SHEDDING;
        if (shedding) {
            if (nowNanos - windowStartNanos >= WINDOW_NANOS) {
                closeWindow(nowNanos);
            }
        } else if (isOn && by.above && nowNanos - by.aboveSinceNanos >= intervalNanos) {
            shedding = true;
            openWindow(nowNanos);
        }
    }

    private void openWindow(long nowNanos) {
        windowStartNanos = nowNanos;
        offered = 0;
        taken = 0;
        shed = 0;
    }

    private void closeWindow(long nowNanos) {
        shedPercent = offered == 0 ? 0 : (int) (100 * shed / offered);
        int ofAll = shed == 0 ? 0 : (int) (100 * shed / (offered + taken));
        askedPercent = Math.max(ofAll, askedPercent * 4 / 5);
        if (shedPercent < LEAST_SHED_PERCENT && !isOld) {
            shedding = false;
            shedPercent = 0;
            askedPercent = 0;
        }
        openWindow(nowNanos);
    }

    /** Whether new requests must be {@link #decide decided}; otherwise the lane takes them all. */
    public boolean isShedding() {
        return shedding;
    }

    /** Decides about one new request. Call this only while {@link #isShedding}. */
    public Decision decide() {
        offered++;
        if (!isOld) {
            return Decision.ADMIT;
        }
        if (--admitNext == 0) {
            admitNext = ONE_OF;
            return Decision.ADMIT;
        }
        shed++;
        return waitedNanos > silentNanos ? Decision.DROP : Decision.REFUSE;
    }

    /** Counts a request that is taken without a decision, because it belongs to a dialog or is urgent. */
    void takesOther() {
        taken++;
    }

    /** The state now. */
    public OverloadState state() {
        if (!shedding) {
            return OverloadState.NORMAL;
        }
        return new OverloadState(
                waitedNanos > silentNanos ? OverloadState.Mode.DROPPING : OverloadState.Mode.REFUSING, shedPercent);
    }

    /**
     * The share of all their requests that proxies in front are asked to keep, in percent: as much as the lane sheds
     * itself. Those of dialogs count, because a proxy applies the share to all requests (RFC 7339 section 5.3). It
     * falls slowly, because the lane sheds less as soon as they do what they are asked.
     */
    int askedPercent() {
        return askedPercent;
    }

    /** How long messages may wait while the lane sheds, such as "10 ms". */
    String mostWait() {
        long micros = targetNanos / PART_WHILE_SHEDDING / 1_000;
        return micros % 1_000 == 0 ? micros / 1_000 + " ms" : micros + " µs";
    }

    /** How long messages wait, in milliseconds, as measured last. */
    long waitedMs() {
        return waitedNanos / 1_000_000;
    }
}
