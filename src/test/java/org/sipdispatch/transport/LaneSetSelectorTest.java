package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestInbox;
import java.net.InetSocketAddress;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.sipdispatch.proxy.DestinationIndex;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.DestinationFacts;
import org.sipdispatch.sets.MemberState;
import org.sipdispatch.sets.SetActor;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;
import org.sipdispatch.sets.Target;
import org.sipdispatch.sets.TargetAddresses;

class LaneSetSelectorTest {
    private static final SetId ONE = new SetId("default", 1);
    private static final TargetAddresses FIRST = addresses("192.0.2.1");
    private static final TargetAddresses SECOND = addresses("192.0.2.2");

    private final TestInbox<SetActor.Command> actor = TestInbox.create();
    private final LaneSetSelector sets = new LaneSetSelector(DestinationFacts.NONE);
    private final SetView written = view("a", "b", "c");
    private final Destination a = written.member(0);
    private final Destination b = written.member(1);
    private final Destination c = written.member(2);

    private static SetView view(String... hosts) {
        return SetView.of(
                ONE,
                Stream.of(hosts)
                        .map(host -> new Destination("default", 1, "sip:" + host + ".example.net", null, 1, 0, "", ""))
                        .map(member -> new SetView.SetMember(member, true))
                        .toList());
    }

    private static TargetAddresses addresses(String address) {
        return TargetAddresses.of(List.of(new Target(new InetSocketAddress(address, 5060), "gw.example.net", 0, 0)));
    }

    private static SetView with(SetView before, int member, TargetAddresses now) {
        BitSet place = new BitSet();
        place.set(member);
        return before.with(place, before::state, before::weight, unused -> now);
    }

    private void replace(SetView... views) {
        sets.replace(List.of(views), DestinationIndex.of(List.of(views)), view -> actor.getRef());
    }

    @Test
    void theTargetsOfAMemberAreThoseOfTheNewestView() {
        SetView first = with(written, 0, FIRST);
        replace(first);
        assertThat(sets.targets(a)).isSameAs(FIRST);
        assertThat(sets.targets(b)).isNull();

        long before = sets.targetChanges();
        SetView both = with(first, 2, SECOND);
        replace(both);
        assertThat(sets.targets(a)).isSameAs(FIRST);
        assertThat(sets.targets(c)).isSameAs(SECOND);
        assertThat(sets.targetChanges()).isEqualTo(before + 1);

        replace(with(both, 0, null));
        assertThat(sets.targets(a)).isNull();
        assertThat(sets.targets(c)).isSameAs(SECOND);
        assertThat(sets.targetChanges()).isEqualTo(before + 2);
    }

    @Test
    void anotherStateIsNoChangeOfTargets() {
        SetView some = with(written, 0, FIRST);
        replace(some);
        long before = sets.targetChanges();
        BitSet place = new BitSet();
        place.set(0);

        replace(some.with(place, unused -> MemberState.PROBING, some::weight, some::targets));

        assertThat(sets.targetChanges()).isEqualTo(before);
        assertThat(sets.targets(a)).isSameAs(FIRST);
    }

    @Test
    void whatIsNoMemberAnyMoreHasNoTargets() {
        replace(with(with(written, 0, FIRST), 2, SECOND));
        SetView others = view("c", "d");

        replace(with(others, 1, FIRST));
        assertThat(Stream.of(a, b, c)).allMatch(gone -> sets.targets(gone) == null);
        assertThat(sets.targets(others.member(1))).isSameAs(FIRST);

        long before = sets.targetChanges();
        replace();
        assertThat(sets.targets(others.member(1))).isNull();
        assertThat(sets.targetChanges()).isGreaterThan(before);
    }
}
