package org.sipdispatch.membership;

/** Whether this node has become the only one of its cluster while its membership was not confirmed. Not thread-safe. */
final class SoleMemberCheck {
    private boolean alone;
    private boolean became;

    /**
     * Records the present membership.
     *
     * @param nowAlone whether this node is the only one of its cluster
     * @param unconfirmed whether the membership is not confirmed yet, at first or after a pause
     */
    void update(boolean nowAlone, boolean unconfirmed) {
        became = nowAlone && (alone ? became : unconfirmed);
        alone = nowAlone;
    }

    /** The membership is confirmed: returns whether this node has become alone since the last confirmation. */
    boolean confirmed() {
        boolean since = became;
        became = false;
        return since;
    }
}
