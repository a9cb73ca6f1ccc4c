package org.sipdispatch.destination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.destination.DestinationState.ACTIVE;
import static org.sipdispatch.destination.DestinationState.INACTIVE;
import static org.sipdispatch.destination.DestinationState.PROBING;

import org.junit.jupiter.api.Test;

class InitialStatusTest {
    private static final long NOW = 5;
    private static final Status HELD_2 = held(2);
    private static final Status HELD_3 = held(3);
    private static final Status ACTIVE_1 = active(1);
    private static final Status ACTIVE_4 = active(4);

    private static Status active(long term) {
        return new Status(new StatusVersion(term, 0, 7), false, false, false, 0, 0, false, 1, "probe", "200");
    }

    private static Status held(long term) {
        return new Status(new StatusVersion(term, 0, 7), true, false, false, 0, 0, false, 1, "ann", "repair");
    }

    private static Status dead(long term) {
        return new Status(new StatusVersion(term, 0, 7), false, true, false, 3, 0, false, 1, "probe", "408");
    }

    private static InitialStatus silent(Status remembered, DestinationState initial) {
        return InitialStatus.withoutPeers(null, true, remembered, initial, NOW);
    }

    @Test
    void ofJournalAndMemoryTheNewerCounts() {
        InitialStatus journal = InitialStatus.withoutPeers(HELD_2, false, ACTIVE_1, ACTIVE, NOW);
        InitialStatus memory = InitialStatus.withoutPeers(HELD_2, false, ACTIVE_4, ACTIVE, NOW);

        assertThat(journal).isEqualTo(new InitialStatus(HELD_2, HELD_2.version(), HELD_2));
        assertThat(memory).isEqualTo(new InitialStatus(ACTIVE_4, ACTIVE_4.version(), ACTIVE_4));
    }

    @Test
    void whileTheJournalIsSilentWhatKeepsCallsAwayCounts() {
        assertThat(silent(HELD_3, ACTIVE).status()).isEqualTo(HELD_3);
        assertThat(silent(HELD_3, PROBING).status()).isEqualTo(HELD_3);
        assertThat(silent(dead(2), ACTIVE).status()).isEqualTo(dead(2));
        assertThat(silent(dead(2), INACTIVE).status().held()).isTrue();
        assertThat(silent(ACTIVE_4, INACTIVE).status().held()).isTrue();
        assertThat(silent(ACTIVE_4, PROBING).status().state()).isEqualTo(PROBING);
        assertThat(silent(ACTIVE_4, ACTIVE).status()).isEqualTo(ACTIVE_4);
    }

    @Test
    void whatTheTableOverruledIsNewsAsSoonAsTheJournalSpeaks() {
        InitialStatus now = silent(ACTIVE_4, INACTIVE);

        assertThat(now.base()).isEqualTo(StatusVersion.NONE);
        assertThat(now.left()).isEqualTo(ACTIVE_4);
    }

    @Test
    void whereTheJournalHasNothingTheTableOverrulesForGood() {
        InitialStatus now = InitialStatus.withoutPeers(null, false, ACTIVE_4, INACTIVE, NOW);

        assertThat(now.status()).isEqualTo(Status.initial(INACTIVE, NOW).withVersion(ACTIVE_4.version()));
        assertThat(now.left()).isNull();
    }

    @Test
    void whereNobodyKnowsAnythingTheTableCounts() {
        InitialStatus now = silent(null, PROBING);

        assertThat(now).isEqualTo(new InitialStatus(Status.initial(PROBING, NOW), StatusVersion.NONE, null));
        assertThat(silent(HELD_3.withdrawn("", ""), ACTIVE).status().state()).isEqualTo(ACTIVE);
    }
}
