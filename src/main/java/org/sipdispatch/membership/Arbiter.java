package org.sipdispatch.membership;

/**
 * The door to the shared database as a witness: who goes on where nodes cannot hear each other. Blocks; thread-safe.
 */
public interface Arbiter {
    /** What the witness says. */
    enum Answer {
        /** It is so. */
        YES,
        /** It is not. */
        NO,
        /** The database did not answer. */
        SILENT
    }

    /**
     * A sign of life of a cluster.
     *
     * @param answer NO if there was none ever
     * @param owner who gave it
     * @param beat grows with each
     */
    record Sighting(Answer answer, String owner, long beat) {}

    /** Two halves of a cluster ask with the same epoch; the first one goes on. */
    Answer settle(String epoch, String side);

    /** The last sign of life of the cluster of that name. */
    Sighting read(String cluster);

    /** Gives a sign of life; NO if another owner has taken over. */
    Answer beat(String cluster, String owner);

    /** Takes over from what was seen; NO if that is no longer so. */
    Answer take(String cluster, String owner, Sighting seen);
}
