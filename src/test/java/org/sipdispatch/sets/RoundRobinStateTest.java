package org.sipdispatch.sets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.sets.Algorithm.ROUND_ROBIN;
import static org.sipdispatch.sets.Algorithm.SMOOTH_ROUND_ROBIN;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RoundRobinStateTest {
    @Test
    void aRoundRobinGoesOnWhereItStoodWhenStatesChange() {
        SetView all = Views.of(3, 3, 3);
        SetView someDown = Views.without("c", 3, 3, 3);
        RoundRobinState cursor = new RoundRobinState(3);
        Views.picks(all, cursor, ROUND_ROBIN, "", 4);

        cursor.move(all, someDown);

        assertThat(Views.picks(someDown, cursor, ROUND_ROBIN, "", 3)).containsExactly("b", "b", "a");
    }

    @Test
    void membersKeepTheirPositionsWhenOthersComeAndGo() {
        SetView before = view("a", "b", "c");
        SetView after = view("x", "b", "a", "d");
        RoundRobinState cursor = new RoundRobinState(3);
        Views.picks(before, cursor, SMOOTH_ROUND_ROBIN, "", 1);
        cursor.last = 1;
        cursor.taken[0] = 5;
        cursor.taken[1] = 7;

        cursor.move(before, after);

        assertThat(cursor.last).isEqualTo(1);
        assertThat(cursor.taken).containsExactly(0, 7, 5, 0);
        assertThat(IntStream.range(0, 4).mapToLong(cursor::credit)).containsExactly(0L, 1L, -2L, 0L);
    }

    @Test
    void whereTheLastPickIsGoneTheFirstStandsIn() {
        RoundRobinState cursor = new RoundRobinState(3);
        cursor.last = 2;

        cursor.move(view("a", "b", "c"), view("a", "b"));

        assertThat(cursor.last).isZero();
    }

    @Test
    void anEmptySetAndBack() {
        RoundRobinState cursor = new RoundRobinState(2);
        SetView empty = SetView.of(Views.ID, List.of());

        cursor.move(view("a", "b"), empty);
        cursor.move(empty, view("a", "b"));

        assertThat(Views.picks(view("a", "b"), cursor, ROUND_ROBIN, "", 3)).containsExactly("a", "b", "a");
    }

    @Test
    void theCreditsOfASmoothRoundRobinStay() {
        SetView view = Views.of(5, 1, 1);
        RoundRobinState cursor = new RoundRobinState(3);
        Views.picks(view, cursor, SMOOTH_ROUND_ROBIN, "", 3);

        cursor.move(view, Views.of(5, 1, 1));

        assertThat(Views.picks(view, cursor, SMOOTH_ROUND_ROBIN, "", 4)).containsExactly("a", "c", "a", "a");
    }

    private static SetView view(String... names) {
        return SetView.of(
                Views.ID,
                Stream.of(names)
                        .map(name -> new SetView.SetMember(Views.destination(name, 1, 0), true))
                        .toList());
    }
}
