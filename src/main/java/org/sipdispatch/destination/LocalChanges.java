package org.sipdispatch.destination;

/**
 * Which sources have changed a destination since its actor started. A status that arrives late from an earlier actor
 * must not override them. A failure that changes no state does not count, because it does not contradict a status that
 * says Probing.
 *
 * @param operator whether an operator's order has
 * @param evidence whether a success, or a state change by probes or traffic, has
 */
record LocalChanges(boolean operator, boolean evidence) {
    static final LocalChanges NONE = new LocalChanges(false, false);

    LocalChanges withOperator() {
        return new LocalChanges(true, evidence);
    }

    LocalChanges withEvidence(Status before, Status after, boolean success) {
        boolean counts = !before.held() && !before.removed() && (success || !after.hasSameVisibleState(before));
        return counts ? new LocalChanges(operator, true) : this;
    }
}
