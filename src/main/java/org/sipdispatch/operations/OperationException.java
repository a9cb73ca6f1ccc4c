package org.sipdispatch.operations;

/** A refused operation, with the reason in one line for people. */
public final class OperationException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The kind of refusal, with its HTTP status code. */
    public enum Kind {
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

        Kind(int status) {
            this.status = status;
        }

        public int status() {
            return status;
        }

        private String defaultMessage() {
            String words = name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
            return this == UNAVAILABLE ? "answer: none in time (expected: one)" : "request: " + words;
        }
    }

    private final Kind kind;

    public OperationException(Kind kind, String message) {
        super(message == null || message.isBlank() ? kind.defaultMessage() : message, null, false, false);
        this.kind = kind;
    }

    /** An invalid value, with its name and the expected value. */
    public static OperationException bad(String thing, Object value, String expected) {
        return new OperationException(Kind.BAD_REQUEST, thing + ": " + value + " (expected: " + expected + ")");
    }

    /** An object that does not exist. */
    public static OperationException unknown(String thing, Object value, String expected) {
        return new OperationException(Kind.UNKNOWN, thing + ": " + value + " (expected: " + expected + ")");
    }

    public Kind kind() {
        return kind;
    }
}
