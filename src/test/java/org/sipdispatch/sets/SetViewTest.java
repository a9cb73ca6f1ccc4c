package org.sipdispatch.sets;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
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
                view::weight,
                view::targets);
        assertThat(same).isSameAs(view);
        assertThat(asked).containsExactly(1, 2);

        SetView other = view.with(places, place -> MemberState.BUSY, place -> 7, view::targets);
        assertThat(List.of(other.state(0), other.state(1), other.state(2)))
                .containsExactly(MemberState.USABLE, MemberState.BUSY, MemberState.BUSY);
        assertThat(List.of(other.weight(0), other.weight(1), other.weight(2))).containsExactly(1, 7, 7);
        assertThat(List.of(other.isActive(0), other.isActive(1))).containsExactly(true, false);
        assertThat(other.hasMembersOf(view)).isTrue();
        assertThat(view.weight(1)).isEqualTo(1);
        assertThat(view.isActive(2)).isTrue();
    }

    @Test
    void aChangeOfOneMembersTargetsKeepsThoseOfTheOthers() {
        SetView one = withTargets(view, 0, addresses("192.0.2.1"));
        SetView two = withTargets(one, 2, addresses("192.0.2.2"));

        assertThat(two.targets(0)).isSameAs(one.targets(0));
        assertThat(two.targets(1)).isNull();
        assertThat(two.targets(2)).isEqualTo(addresses("192.0.2.2"));
        assertThat(one.targets(2)).isNull();
        assertThat(two.hasTargetsOtherThan(one)).isTrue();
        assertThat(withTargets(two, 2, addresses("192.0.2.2"))).isSameAs(two);
        assertThat(withTargets(two, 2, addresses("192.0.2.2", "192.0.2.3")).targets(2))
                .isNotEqualTo(two.targets(2));
        assertThat(two.withActive(place -> false).targets(0)).isSameAs(two.targets(0));
        assertThat(two.unweighted().targets(2)).isSameAs(two.targets(2));
    }

    @Test
    void aViewWithoutTargetsHoldsNoPlacesForThem() {
        SetView some = withTargets(view, 0, addresses("192.0.2.1"));

        assertThat(view.hasTargets()).isFalse();
        assertThat(some.hasTargets()).isTrue();
        assertThat(withTargets(some, 0, null).hasTargets()).isFalse();
        assertThat(withTargets(view, 0, null)).isSameAs(view);
    }

    private static SetView withTargets(SetView before, int member, TargetAddresses now) {
        BitSet place = new BitSet();
        place.set(member);
        return before.with(place, before::state, before::weight, unused -> now);
    }

    private static TargetAddresses addresses(String... all) {
        return TargetAddresses.of(Arrays.stream(all)
                .map(one -> new Target(new InetSocketAddress(one, 5060), "gw.example.net", 0, 0))
                .toList());
    }
}
