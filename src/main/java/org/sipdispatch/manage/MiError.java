package org.sipdispatch.manage;

import org.sipdispatch.operations.OperationException;
import org.sipdispatch.operations.UnknownOutcomeException;

/**
 * The error of a management interface command. The code is negative for JSON-RPC 2.0 errors, otherwise one of OpenSIPS.
 */
final class MiError extends RuntimeException {
    static final int PARSE_ERROR = -32700;
    static final int INVALID_REQUEST = -32600;
    static final int METHOD_NOT_FOUND = -32601;
    static final int INVALID_PARAMS = -32602;
    static final int INTERNAL_ERROR = -32603;

    /** The outcome of the order is unknown. No tool takes this code for success. */
    static final int UNKNOWN_OUTCOME = 504;

    private static final long serialVersionUID = 1;

    private final int code;
    private final String details;

    private MiError(int code, String message, String more) {
        super(message, null, false, false);
        this.code = code;
        this.details = more;
    }

    static MiError of(int code, String message) {
        return new MiError(code, message, "");
    }

    static MiError of(int code, String message, String more) {
        return new MiError(code, message, more);
    }

    static MiError invalidParams(String more) {
        return new MiError(INVALID_PARAMS, "Invalid params", more);
    }

    /** The error for a failure. */
    static MiError of(Throwable failure) {
        Throwable cause = failure instanceof java.util.concurrent.CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
        if (cause instanceof MiError error) {
            return error;
        } else if (cause instanceof OperationException refused) {
            return of(refused.reason().status(), refused.getMessage());
        } else if (cause instanceof UnknownOutcomeException unknown) {
            String order = unknown.outcome().order();
            return of(
                    UNKNOWN_OUTCOME,
                    unknown.getMessage(),
                    "order " + order + ": GET " + OrderOutcomeJson.path(unknown.outcome()));
        } else if (cause instanceof java.util.concurrent.TimeoutException) {
            return of(503, String.valueOf(cause.getMessage()));
        }
        return of(INTERNAL_ERROR, "Internal error", String.valueOf(cause.getMessage()));
    }

    int code() {
        return code;
    }

    /** Details; empty for none. */
    String details() {
        return details;
    }
}
