package org.sipdispatch.destination;

import java.util.List;
import java.util.stream.Collectors;
import org.sipdispatch.destination.Targets.TargetStatus;

/** The targets of a destination that an operator may mean. */
final class MeantTargets {
    private MeantTargets() {}

    /** Those with this name, or with this address if it has no port. */
    static List<TargetStatus> of(Targets targets, String name) {
        TargetStatus exact = targets.find(name);
        boolean isBareIpv6 = name.indexOf(':') != name.lastIndexOf(':') && !name.startsWith("[");
        String host = isBareIpv6 ? "[" + name + "]" : name;
        return exact != null
                ? List.of(exact)
                : targets.all().stream()
                        .filter(one -> one.name().startsWith(host + ":"))
                        .toList();
    }

    /** The names of targets, for messages. */
    static String names(List<TargetStatus> some) {
        return some.stream().map(TargetStatus::name).collect(Collectors.joining(", "));
    }
}
