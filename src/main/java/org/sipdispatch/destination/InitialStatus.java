package org.sipdispatch.destination;

/**
 * The status with which an actor starts if its predecessor did not hand over.
 *
 * @param status has the version of the actor that produced it
 * @param base a status that arrives later is applied only if it is newer than this version
 * @param left the status of an earlier actor, which may not be in the journal; null for none
 */
record InitialStatus(Status status, StatusVersion base, Status left) {
    /** A status that other nodes know takes precedence over all other sources. */
    static InitialStatus replicated(Status known) {
        return new InitialStatus(known, known.version(), known);
    }

    /**
     * Chooses a status if no other node has one: the newer of the journal's and the one that this node knew last. If
     * the journal has none, it is the more cautious of the state column and the one that this node knew last, because
     * it is not known which of them is older.
     *
     * @param journal the newest status in the journal; null if it has none or has not answered
     * @param silent whether the journal has not answered
     * @param remembered the status that this node knew last, possibly from an earlier process; null for none
     */
    static InitialStatus withoutPeers(
            Status journal, boolean silent, Status remembered, DestinationState initial, long nowMs) {
        boolean has = remembered != null && !remembered.removed();
        if (journal != null) {
            boolean newer = has && remembered.version().isAfter(journal.version());
            return replicated(newer ? remembered : journal);
        } else if (has && caution(remembered.state()) >= caution(initial)) {
            return replicated(remembered);
        }
        Status written = Status.initial(initial, nowMs);
        return has
                ? new InitialStatus(
                        written.withVersion(remembered.version()), StatusVersion.NONE, silent ? remembered : null)
                : new InitialStatus(written, StatusVersion.NONE, null);
    }

    /** How cautious a state is: higher means that more is needed before the destination gets calls again. */
    private static int caution(DestinationState state) {
        return switch (state) {
            case ACTIVE -> 0;
            case PROBING -> 1;
            case INACTIVE -> 2;
        };
    }
}
