package org.sipdispatch.operations;

/** A refused operation, with the reason in one line for people. */
public final class OperationException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The kind of refusal, with its HTTP status code. */
    public enum RefusalReason {
        /** The request is invalid. */
        BAD_REQUEST(400),
        /** The caller is not authenticated. */
        UNAUTHORIZED(401),
        /** The caller lacks the permission. */
        FORBIDDEN(403),
        /** The object does not exist. */
        UNKNOWN(404),
        /** The current state does not allow the operation. */
        CONFLICT(409),
        /** The request is too large. */
        TOO_LARGE(413),
        /** There are too many requests. */
        TOO_MANY(429),
        /** This node cannot answer now. */
        UNAVAILABLE(503);

        private final int status;

        RefusalReason(int status) {
            this.status = status;
        }

        public int status() {
            return status;
        }

        private String defaultMessage() {
            String name = name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
            return this == UNAVAILABLE ? "answer: none in time (expected: one)" : "request: " + name;
        }
    }

    private final RefusalReason reason;

    public OperationException(RefusalReason reason, String message) {
        super(message == null || message.isBlank() ? reason.defaultMessage() : message, null, false, false);
        this.reason = reason;
    }

    /** An invalid value, with its name and the expected value. */
    public static OperationException bad(String thing, Object value, String expected) {
        return new OperationException(
                RefusalReason.BAD_REQUEST, thing + ": " + value + " (expected: " + expected + ")");
    }

    /** An object that does not exist. */
    public static OperationException unknown(String thing, Object value, String expected) {
        return new OperationException(RefusalReason.UNKNOWN, thing + ": " + value + " (expected: " + expected + ")");
    }

    public RefusalReason reason() {
        return reason;
    }
}
