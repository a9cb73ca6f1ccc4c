package org.sipdispatch.catalog;

import java.util.List;

/** Rows of a watched source that cannot apply yet because of another source of the same partition. */
public final class OtherSourceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The message is one line of the form {@code key: value (expected: ...)}. */
    public OtherSourceException(String message) {
        super(message);
    }

    /** The other source has rows that cannot be used, one line for each. */
    static OtherSourceException unusable(List<String> skipped) {
        return new OtherSourceException("rows: " + skipped.size() + " of the source beside it that cannot be used"
                + " (expected: none, or an order to skip them such as sip-dispatcher reload --skip-bad-rows); the first"
                + " one is " + skipped.get(0));
    }
}
