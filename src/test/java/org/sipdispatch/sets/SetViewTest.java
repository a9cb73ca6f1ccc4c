package org.sipdispatch.sets;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class SetViewTest {
    private final SetView view = Views.without("b", 1, 1, 1);

    private static Destination defined(int set, String uri, String socket) {
        return new Destination("default", set, uri, socket, 7, 3, "as defined anew", "");
    }

    @Test
    void whoIsOutIsFoundByWhatNamesADestination() {
        assertThat(view.isUnusable(view.member(0))).isFalse();
        assertThat(view.isUnusable(view.member(1))).isTrue();
        assertThat(view.isUnusable(defined(1, "sip:C.Example.Net", null))).isFalse();
        assertThat(view.isUnusable(defined(1, "sip:b.example.net", null))).isTrue();
    }

    @Test
    void whoIsNoMemberIsOut() {
        assertThat(view.isUnusable(defined(1, "sip:d.example.net", null))).isTrue();
        assertThat(view.isUnusable(defined(2, "sip:a.example.net", null))).isTrue();
        assertThat(view.isUnusable(defined(1, "sip:a.example.net", "main"))).isTrue();
        assertThat(view.isUnusable(new Destination("other", 1, "sip:a.example.net", null, 1, 0, "", "")))
                .isTrue();
    }

    @Test
    void onlyMembersThatMayHaveChangedAreLookedAt() {
        BitSet places = new BitSet();
        places.set(1, 3);
        List<Integer> asked = new ArrayList<>();

        SetView same = view.with(
                places,
                place -> {
                    asked.add(place);
                    return view.state(place);
                },
                view::weight);
        assertThat(same).isSameAs(view);
        assertThat(asked).containsExactly(1, 2);

        SetView other = view.with(places, place -> MemberState.BUSY, place -> 7);
        assertThat(List.of(other.state(0), other.state(1), other.state(2)))
                .containsExactly(MemberState.USABLE, MemberState.BUSY, MemberState.BUSY);
        assertThat(List.of(other.weight(0), other.weight(1), other.weight(2))).containsExactly(1, 7, 7);
        assertThat(List.of(other.isActive(0), other.isActive(1))).containsExactly(true, false);
        assertThat(other.hasMembersOf(view)).isTrue();
        assertThat(view.weight(1)).isEqualTo(1);
        assertThat(view.isActive(2)).isTrue();
    }
}
