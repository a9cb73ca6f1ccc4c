package org.sipdispatch.routing;

import java.util.List;
import java.util.Locale;
import org.sipdispatch.settings.Section;
import org.sipdispatch.settings.StatusCodes;

/**
 * How a rule marks a destination that fails a request, like {@code ds_mark_dst} in a failure route.
 *
 * @param otherwise for failures whose code is in neither list
 * @param probing the codes after which the failure counts as a failed ping
 * @param inactive the codes after which the destination is held
 */
public record FailureMarks(Mark otherwise, StatusCodes probing, StatusCodes inactive) {
    public enum Mark {
        /** The failure is counted only. */
        OFF,
        /** It counts as a failed ping. */
        PROBING,
        /** The destination is held, until an operator ends the hold. */
        INACTIVE
    }

    static final FailureMarks NONE = of(Mark.OFF);

    private static FailureMarks of(Mark mark) {
        return new FailureMarks(mark, StatusCodes.NONE, StatusCodes.NONE);
    }

    /** Reads one mark for all failures, or a block with the codes of each. */
    static FailureMarks from(Section relay, String key) {
        if (!relay.isBlock(key)) {
            return one(relay, key);
        }
        Section block = relay.section(key);
        StatusCodes probing = codes(block, "probing");
        StatusCodes inactive = codes(block, "inactive");
        if (probing.contradicts(inactive)) {
            block.refuse("inactive", inactive, "no code that probing names too; probing is " + probing);
        }
        block.refuseUnknown();
        return new FailureMarks(Mark.OFF, probing, inactive);
    }

    private static FailureMarks one(Section relay, String key) {
        String text = relay.text(key);
        for (Mark mark : List.of(Mark.OFF, Mark.PROBING, Mark.INACTIVE)) {
            String name = mark.name().toLowerCase(Locale.ROOT);
            if (text.equals(name) || mark != Mark.OFF && text.equals(name.substring(0, 1))) {
                return of(mark);
            }
        }
        relay.refuse(
                key, text, "probing or p, inactive or i, or off, or a block with the codes of probing and inactive");
        return NONE;
    }

    private static StatusCodes codes(Section block, String key) {
        return block.has(key)
                ? block.attempt(StatusCodes.NONE, () -> StatusCodes.parse(block.path(key), block.text(key), 3))
                : StatusCodes.NONE;
    }

    /** The mark of a destination that failed with this code; 408 also means a timeout, 503 one that is not reached. */
    public Mark of(int code) {
        if (inactive.contains(code)) {
            return Mark.INACTIVE;
        }
        return probing.contains(code) ? Mark.PROBING : otherwise;
    }

    /** Whether a list has this code, so that it is a failure even without failover. */
    boolean names(int code) {
        return inactive.contains(code) || probing.contains(code);
    }

    /** Whether any failure counts as a failed ping. */
    public boolean setsProbing() {
        return otherwise == Mark.PROBING || !probing.isEmpty();
    }
}
