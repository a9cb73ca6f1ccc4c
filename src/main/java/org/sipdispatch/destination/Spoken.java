package org.sipdispatch.destination;

/**
 * Who has spoken of a destination since its actor began: that is not undone by what an older actor left. A failure that
 * takes nothing out is no word: whoever knows it to be dead is not contradicted by it.
 *
 * @param operator whether an operator has
 * @param evidence whether a sign of life has, or a transition
 */
record Spoken(boolean operator, boolean evidence) {
    static final Spoken NOBODY = new Spoken(false, false);

    Spoken byOperator() {
        return new Spoken(true, evidence);
    }

    Spoken byEvidence(Status before, Status after, boolean life) {
        boolean counts = !before.held() && !before.removed() && (life || !after.showsTheSameAs(before));
        return counts ? new Spoken(operator, true) : this;
    }
}
