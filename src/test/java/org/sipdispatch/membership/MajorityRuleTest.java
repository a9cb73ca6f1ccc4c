package org.sipdispatch.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.sipdispatch.membership.Arbiter.ClaimResult;

class MajorityRuleTest {
    private static final String A = "10.0.0.1:7355#7";
    private static final String B = "10.0.0.2:7355#5";
    private static final String C = "10.0.0.3:7355#9";
    private static final String D = "10.0.0.4:7355#1";
    private static final MajorityRule.TieBreaker NOBODY = (epoch, side) -> {
        throw new AssertionError("asked for " + epoch);
    };

    private static MajorityRule seen(List<String> all, Set<String> silent) {
        return MajorityRule.of(
                all, all.stream().filter(node -> !silent.contains(node)).collect(Collectors.toSet()));
    }

    @Test
    void aNodeThatHearsNobodyOfThreeNeverGoesOn() {
        assertThat(MajorityRule.of(List.of(A, B, C), Set.of(C)).decide(NOBODY)).isEqualTo(ClaimResult.NO);
        assertThat(MajorityRule.of(List.of(A, B, C), Set.of()).decide(NOBODY)).isEqualTo(ClaimResult.NO);
    }

    @Test
    void thoseThatAreNoMembersDoNotCount() {
        assertThat(MajorityRule.of(List.of(A, B, C), Set.of(C, D)).thisSide()).containsExactly(C);
    }

    @Test
    void theLargerPartGoesOnWithoutAskingAnybody() {
        assertThat(seen(List.of(A, B, C), Set.of(A)).decide(NOBODY)).isEqualTo(ClaimResult.YES);
        assertThat(seen(List.of(A, B, C), Set.of(B, C)).decide(NOBODY)).isEqualTo(ClaimResult.NO);
    }

    @Test
    void aNodeThatIsAloneGoesOn() {
        assertThat(seen(List.of(A), Set.of()).decide(NOBODY)).isEqualTo(ClaimResult.YES);
    }

    @Test
    void ofTwoHalvesTheOneThatTheDatabaseHearsFirstGoesOn() {
        MajorityRule first = seen(List.of(B, A), Set.of(A));
        MajorityRule second = seen(List.of(A, B), Set.of(B));
        List<String> asked = new ArrayList<>();
        MajorityRule.TieBreaker tieBreaker = (epoch, side) -> {
            asked.add(epoch + " for " + side);
            return asked.size() == 1 ? ClaimResult.YES : ClaimResult.NO;
        };

        assertThat(first.decide(tieBreaker)).isEqualTo(ClaimResult.YES);
        assertThat(second.decide(tieBreaker)).isEqualTo(ClaimResult.NO);
        assertThat(asked).containsExactly(A + " " + B + " for " + B, A + " " + B + " for " + A);
    }

    @Test
    void bothSidesOfACutCallItTheSame() {
        List<String> epochs = new ArrayList<>();
        MajorityRule.TieBreaker tieBreaker = (epoch, side) -> {
            epochs.add(epoch);
            return ClaimResult.YES;
        };

        seen(List.of(D, C, B, A), Set.of(A, B)).decide(tieBreaker);
        seen(List.of(B, A, D, C), Set.of(C, D)).decide(tieBreaker);

        assertThat(epochs).hasSize(2);
        assertThat(epochs.get(0)).isEqualTo(epochs.get(1));
    }

    @Test
    void ofTwoHalvesExactlyOneHasTheLowestAddress() {
        MajorityRule.TieBreaker silent = (epoch, side) -> ClaimResult.SILENT;

        assertThat(seen(List.of(A, B), Set.of(B)).decide(silent)).isEqualTo(ClaimResult.SILENT);
        assertThat(seen(List.of(A, B), Set.of(B)).hasLowestAddress()).isTrue();
        assertThat(seen(List.of(A, B), Set.of(A)).hasLowestAddress()).isFalse();
        assertThat(seen(List.of(A, B, C, D), Set.of(B, C)).hasLowestAddress()).isTrue();
        assertThat(seen(List.of(A, B, C, D), Set.of(A, D)).hasLowestAddress()).isFalse();
        assertThat(seen(List.of(), Set.of()).hasLowestAddress()).isFalse();
    }
}
