package org.sipdispatch.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.sipdispatch.cluster.Witness.Answer;

class TieTest {
    private static final String A = "10.0.0.1:7355#7";
    private static final String B = "10.0.0.2:7355#5";
    private static final String C = "10.0.0.3:7355#9";
    private static final String D = "10.0.0.4:7355#1";
    private static final Tie.Question NOBODY = (epoch, side) -> {
        throw new AssertionError("asked for " + epoch);
    };

    private static Tie seen(List<String> all, Set<String> unreachable, Set<String> observers) {
        return Tie.of(all, unreachable, observers);
    }

    @Test
    void theLargerPartGoesOnWithoutAskingAnybody() {
        assertThat(seen(List.of(A, B, C), Set.of(A), Set.of(B, C)).goesOn(NOBODY, false))
                .isTrue();
        assertThat(seen(List.of(A, B, C), Set.of(B, C), Set.of(A)).goesOn(NOBODY, false))
                .isFalse();
    }

    @Test
    void aNodeThatIsAloneGoesOn() {
        assertThat(seen(List.of(A), Set.of(), Set.of()).goesOn(NOBODY, false)).isTrue();
    }

    @Test
    void ofTwoHalvesTheOneThatTheDatabaseHearsFirstGoesOn() {
        Tie first = seen(List.of(B, A), Set.of(A), Set.of(B));
        Tie second = seen(List.of(A, B), Set.of(B), Set.of(A));
        List<String> asked = new ArrayList<>();
        Tie.Question witness = (epoch, side) -> {
            asked.add(epoch + " for " + side);
            return asked.size() == 1 ? Answer.YES : Answer.NO;
        };

        assertThat(first.goesOn(witness, false)).isTrue();
        assertThat(second.goesOn(witness, false)).isFalse();
        assertThat(asked).containsExactly(A + " " + B + " for " + B, A + " " + B + " for " + A);
    }

    @Test
    void bothSidesOfACutCallItTheSame() {
        List<String> epochs = new ArrayList<>();
        Tie.Question witness = (epoch, side) -> {
            epochs.add(epoch);
            return Answer.YES;
        };

        seen(List.of(D, C, B, A), Set.of(A, B), Set.of(C, D)).goesOn(witness, false);
        seen(List.of(B, A, D, C), Set.of(C, D), Set.of(A, B)).goesOn(witness, false);

        assertThat(epochs).hasSize(2);
        assertThat(epochs.get(0)).isEqualTo(epochs.get(1));
    }

    @Test
    void whereTheDatabaseCouldBeHeardJustBeforeItMayBeTheOtherHalfThatHearsItNow() {
        Tie.Question silent = (epoch, side) -> Answer.SILENT;

        assertThat(seen(List.of(A, B), Set.of(B), Set.of(A)).goesOn(silent, true))
                .isFalse();
        assertThat(seen(List.of(A, B), Set.of(A), Set.of(B)).goesOn(silent, true))
                .isFalse();
        assertThat(seen(List.of(A, B, C), Set.of(C), Set.of(A, B)).goesOn(silent, true))
                .isTrue();
    }

    @Test
    void whereTheDatabaseIsSilentExactlyTheHalfWithTheLowestAddressGoesOn() {
        Tie.Question silent = (epoch, side) -> Answer.SILENT;

        assertThat(seen(List.of(A, B), Set.of(B), Set.of(A)).goesOn(silent, false))
                .isTrue();
        assertThat(seen(List.of(A, B), Set.of(A), Set.of(B)).goesOn(silent, false))
                .isFalse();
        assertThat(seen(List.of(A, B, C, D), Set.of(B, C), Set.of(A, D)).goesOn(silent, false))
                .isTrue();
        assertThat(seen(List.of(A, B, C, D), Set.of(A, D), Set.of(B, C)).goesOn(silent, false))
                .isFalse();
    }

    @Test
    void whereOneLinkOfThreeIsCutNobodyGivesTheClusterUp() {
        // A and B do not hear each other; C hears both, and what they say.
        Set<String> both = Set.of(A, B);

        assertThat(seen(List.of(A, B, C), both, both).goesOn(NOBODY, false)).isTrue();
        assertThat(seen(List.of(A, B, C), Set.of(B), both).goesOn(NOBODY, false))
                .isTrue();
        assertThat(seen(List.of(A, B, C), Set.of(A), both).goesOn(NOBODY, false))
                .isTrue();
    }

    @Test
    void aDeadNodeBesideACutLinkIsNotOfThisPart() {
        List<String> five = List.of(A, B, C, D, "10.0.0.5:7355#2");

        Tie tie = seen(five, Set.of(A, B, D), Set.of(A, B, C));

        assertThat(tie.here()).containsExactly(A, B, C, "10.0.0.5:7355#2");
    }
}
