package org.sipdispatch.observation;

import java.util.Locale;

/**
 * Whether a lane sheds new requests because messages wait too long for it.
 *
 * @param mode what it does with them
 * @param shedPercent the share of the new requests of the last complete second that it shed, 0 to 100
 */
public record OverloadState(Mode mode, int shedPercent) {
    /** What a lane does with new requests; each mode is a heavier overload than the one before it. */
    public enum Mode {
        /** It takes them all. */
        NORMAL,
        /** It refuses those that come while messages wait too long. */
        REFUSING,
        /** It drops those over UDP without a response, since even refusals take too long. */
        DROPPING;

        /** The name in answers and metrics. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Not overloaded. */
    public static final OverloadState NORMAL = new OverloadState(Mode.NORMAL, 0);

    /** The heavier mode of both, and the larger share. */
    public OverloadState worse(OverloadState other) {
        Mode heavier = mode.compareTo(other.mode) >= 0 ? mode : other.mode;
        return new OverloadState(heavier, Math.max(shedPercent, other.shedPercent));
    }
}
