package org.sipdispatch.destination;

/**
 * What an actor goes on with that nobody handed over to.
 *
 * @param status its version is that of whoever left it
 * @param base what is newer than that is news, should it be heard later
 * @param left what another actor left, perhaps without having written it down; null for nothing
 */
record KnownAtStart(Status status, Version base, Status left) {
    /** Of what the other nodes know, nothing else counts. */
    static KnownAtStart onBoard(Status known) {
        return new KnownAtStart(known, known.version(), known);
    }

    /**
     * Where no other node knows anything, the newest of what the journal has and of what this node knew last. Where the
     * journal has nothing, that and the state column, whichever keeps calls away: as long as the journal is silent,
     * nobody knows which of them is older.
     *
     * @param journal the newest status in the journal; null if it has none or is silent
     * @param silent whether it is silent
     * @param remembered what this node knew last, before its process began perhaps; null for nothing
     */
    static KnownAtStart alone(Status journal, boolean silent, Status remembered, DestinationState initial, long nowMs) {
        boolean has = remembered != null && !remembered.removed();
        if (journal != null) {
            boolean newer = has && remembered.version().isAfter(journal.version());
            return onBoard(newer ? remembered : journal);
        } else if (has && reserve(remembered.state()) >= reserve(initial)) {
            return onBoard(remembered);
        }
        Status written = Status.initial(initial, nowMs);
        return has
                ? new KnownAtStart(written.as(remembered.version()), Version.NONE, silent ? remembered : null)
                : new KnownAtStart(written, Version.NONE, null);
    }

    /** How much it takes to send calls there again. */
    private static int reserve(DestinationState state) {
        return switch (state) {
            case ACTIVE -> 0;
            case PROBING -> 1;
            case INACTIVE -> 2;
        };
    }
}
