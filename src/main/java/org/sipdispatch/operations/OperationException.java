package org.sipdispatch.operations;

/** An order or a question that is refused, and why, in a line for people. */
public final class OperationException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What kind of refusal, with its HTTP status. */
    public enum Kind {
        /** What was asked makes no sense. */
        BAD_REQUEST(400),
        /** Who asks is not known. */
        UNAUTHORIZED(401),
        /** Who asks may not. */
        FORBIDDEN(403),
        /** There is no such thing. */
        UNKNOWN(404),
        /** It cannot be done as things are now. */
        CONFLICT(409),
        /** There is too much of it. */
        TOO_LARGE(413),
        /** Too many ask. */
        TOO_MANY(429),
        /** This node cannot tell now. */
        UNAVAILABLE(503);

        private final int status;

        Kind(int status) {
            this.status = status;
        }

        public int status() {
            return status;
        }

        private String nothingElseToSay() {
            String words = name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
            return this == UNAVAILABLE ? "answer: none in time (expected: one)" : "request: " + words;
        }
    }

    private final Kind kind;

    public OperationException(Kind kind, String message) {
        super(message == null || message.isBlank() ? kind.nothingElseToSay() : message, null, false, false);
        this.kind = kind;
    }

    /** Something that makes no sense: names the thing, its value and what was expected. */
    public static OperationException bad(String thing, Object value, String expected) {
        return new OperationException(Kind.BAD_REQUEST, thing + ": " + value + " (expected: " + expected + ")");
    }

    /** Something that is not there. */
    public static OperationException unknown(String thing, Object value, String expected) {
        return new OperationException(Kind.UNKNOWN, thing + ": " + value + " (expected: " + expected + ")");
    }

    public Kind kind() {
        return kind;
    }
}
