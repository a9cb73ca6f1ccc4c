package org.sipdispatch.cli;

/** Why a command was not done, in one line, with the exit status that says so. */
final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The node said no. */
    static final int REFUSED = 1;
    /** The command line cannot be used. */
    static final int BAD_COMMAND_LINE = 2;
    /** No node answers, or it does not know us. */
    static final int NOT_REACHED = 3;

    /** The order may have been executed, or may not. */
    static final int NOT_KNOWN = 4;

    private final int status;
    private final boolean notAuthorised;

    Failure(int status, String message) {
        this(status, message, false);
    }

    private Failure(int status, String message, boolean notAuthorised) {
        super(message.strip().replaceAll("\\s*[\\r\\n]+\\s*", " "));
        this.status = status;
        this.notAuthorised = notAuthorised;
    }

    static Failure notAuthorised(String message) {
        return new Failure(NOT_REACHED, message, true);
    }

    /** A node was reached, but does not know us or lets us do nothing of that kind. */
    boolean isNotAuthorised() {
        return notAuthorised;
    }

    int status() {
        return status;
    }
}
