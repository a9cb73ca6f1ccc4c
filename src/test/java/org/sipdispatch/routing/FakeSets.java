package org.sipdispatch.routing;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.MemberState;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;

/** Sets whose members have the address that their URI names. */
final class FakeSets implements KnownSets {
    private final Map<SetId, List<SetView.SetMember>> members = new HashMap<>();

    /** {@code hostPort}: an IPv4 address and a port. */
    FakeSets with(SetId set, String hostPort, MemberState state, String attrs) {
        Destination destination =
                new Destination(set.partition(), set.number(), "sip:" + hostPort, null, 1, 0, attrs, "of " + hostPort);
        members.computeIfAbsent(set, unused -> new ArrayList<>())
                .add(new SetView.SetMember(destination, state, "load=" + attrs));
        return this;
    }

    Destination destination(SetId set, int place) {
        return members.get(set).get(place).destination();
    }

    @Override
    public SetView view(SetId set) {
        return members.containsKey(set) ? SetView.of(set, members.get(set)) : null;
    }

    @Override
    public List<Destination> membersAt(InetAddress address) {
        return members.values().stream()
                .flatMap(List::stream)
                .map(SetView.SetMember::destination)
                .filter(member -> member.uri().startsWith("sip:" + address.getHostAddress() + ":"))
                .toList();
    }

    @Override
    public boolean isAt(Destination member, InetSocketAddress address) {
        return member.uri().equals("sip:" + address.getAddress().getHostAddress() + ":" + address.getPort());
    }
}
