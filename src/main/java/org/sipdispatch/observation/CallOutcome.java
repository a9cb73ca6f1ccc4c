package org.sipdispatch.observation;

/**
 * The outcome of an INVITE to a destination, for its quality: ITU-T E.411 and E.425, with the codes of SIP that RFC
 * 6076 sections 4.6 and 4.7 name.
 */
public enum CallOutcome {
    /** A 2xx. */
    ANSWERED,
    /** The network has done its part: the callee was busy, refused, or rang and did not answer. */
    NOT_ANSWERED,
    /** Any other outcome. */
    FAILED,
    /** No seizure: a redirection, a request for credentials, or a refusal of more calls for the time being. */
    NO_SEIZURE;

    /**
     * The outcome of a final response.
     *
     * @param rang whether a response from 101 to 199 came before
     * @param retryAfter whether the response has a Retry-After
     */
    public static CallOutcome of(int status, boolean rang, boolean retryAfter) {
        if (status < 300) {
            return ANSWERED;
        }
        return switch (status) {
            case 401, 402, 407 -> NO_SEIZURE;
            case 503 -> retryAfter ? NO_SEIZURE : FAILED;
            case 480, 486, 600, 603 -> NOT_ANSWERED;
            case 408, 487 -> rang ? NOT_ANSWERED : FAILED;
            default -> status < 400 ? NO_SEIZURE : FAILED;
        };
    }

    /** Whether it counts for the network effectiveness ratio. */
    boolean isEffective() {
        return this == ANSWERED || this == NOT_ANSWERED;
    }
}
