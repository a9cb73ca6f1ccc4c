package org.sipdispatch.cli;

/** The reason why a command failed, in one line, with its exit status. */
final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The node refused. */
    static final int REFUSED = 1;
    /** The command line is invalid. */
    static final int BAD_COMMAND_LINE = 2;
    /** No node answers, or it does not authorise us. */
    static final int UNREACHABLE = 3;

    /** The order may or may not have been executed. */
    static final int UNKNOWN_OUTCOME = 4;

    private final int status;
    private final boolean unauthorised;

    CommandException(int status, String message) {
        this(status, message, false);
    }

    private CommandException(int status, String message, boolean notAuthorised) {
        super(message.strip().replaceAll("\\s*[\\r\\n]+\\s*", " "));
        this.status = status;
        this.unauthorised = notAuthorised;
    }

    static CommandException unauthorised(String message) {
        return new CommandException(UNREACHABLE, message, true);
    }

    /** Whether a node was reached, but did not authenticate or authorise us. */
    boolean isUnauthorised() {
        return unauthorised;
    }

    int status() {
        return status;
    }
}
