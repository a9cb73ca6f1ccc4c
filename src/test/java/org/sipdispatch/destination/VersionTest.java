package org.sipdispatch.destination;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class VersionTest {
    @Test
    void theStartOfAnActorIsOlderThanEveryChangeInItsTerm() {
        Version started = new Version(3, 0, 9);

        assertThat(new Version(3, 1, 2).isAfter(started)).isTrue();
        assertThat(started.isAfter(new Version(3, 2, 2))).isFalse();
        assertThat(started.isAfter(new Version(2, 99, 2))).isTrue();
    }

    @Test
    void theNumberOfTheNodeDecidesBetweenEqualChangesOfOneTerm() {
        assertThat(new Version(3, 1, 9).isAfter(new Version(3, 1, 2))).isTrue();
        assertThat(new Version(3, 1, 2).isAfter(new Version(3, 1, 9))).isFalse();
    }

    @Test
    void anActorOfTheSameTermIsNoLaterOne() {
        Version own = new Version(3, 1, 2);

        assertThat(new Version(3, 5, 9).isOfLaterTerm(own)).isFalse();
        assertThat(new Version(3, 5, 9).winsTie(own)).isTrue();
        assertThat(new Version(3, 0, 9).winsTie(own)).isFalse();
        assertThat(new Version(3, 5, 2).winsTie(own)).isFalse();
        assertThat(new Version(4, 0, 9).winsTie(own)).isFalse();
        assertThat(new Version(4, 0, 9).isOfLaterTerm(own)).isTrue();
    }

    @Property
    void versionsHaveOneOrder(
            @ForAll @LongRange(max = 2) long term,
            @ForAll @LongRange(max = 2) long change,
            @ForAll @LongRange(max = 2) long node,
            @ForAll @LongRange(max = 26) long second,
            @ForAll @LongRange(max = 26) long third) {
        Version a = new Version(term, change, node);
        Version b = numbered(second);
        Version c = numbered(third);
        List<Version> sorted = Stream.of(a, b, c).sorted().toList();

        assertThat(a.compareTo(b)).isEqualTo(-b.compareTo(a));
        assertThat(a.compareTo(b) == 0).isEqualTo(a.equals(b));
        assertThat(sorted.get(0).isAfter(sorted.get(2))).isFalse();
        assertThat(Stream.of(c, a, b).sorted().toList()).isEqualTo(sorted);
    }

    private static Version numbered(long number) {
        return new Version(number / 9, number / 3 % 3, number % 3);
    }
}
