package org.sipdispatch.sets;

import java.util.Arrays;
import java.util.function.Function;

/** Selects with a {@link Balancer}, which the state of the set keeps. The hash is a random number. */
final class BalancedPicker implements Picker {
    private final Function<LoadContext, Balancer> create;
    /** Names the balancer of all members in the state of a set. */
    private final Object whole = new Object();
    /** Names that of all but the reserve. */
    private final Object withoutReserve = new Object();

    BalancedPicker(Function<LoadContext, Balancer> create) {
        this.create = create;
    }

    private Balancer balancer(SetView set, RoundRobinState cursor, int random, boolean reserve) {
        Balancer balancer = cursor.balancer(reserve ? withoutReserve : whole, create);
        balancer.use(set, Picker.size(set, reserve), random);
        return balancer;
    }

    @Override
    public int first(SetView set, RoundRobinState cursor, int hash, boolean reserve) {
        Balancer balancer = balancer(set, cursor, hash, reserve);
        int first = balancer.first(hash);
        if (first != Balancer.NONE) {
            return first;
        }
        int standIn = Picker.reserve(set, reserve);
        return standIn != NONE && balancer.accepts(standIn) ? standIn : NONE;
    }

    @Override
    public int[] order(SetView set, RoundRobinState cursor, int first, int hash, boolean reserve, int most) {
        int last = set.size() - 1;
        if (first >= Picker.size(set, reserve)) {
            return new int[] {first};
        }
        Balancer balancer = balancer(set, cursor, hash, reserve);
        int[] order = balancer.order(first, hash, most);
        if (!reserve || first == last || !set.isActive(last) || !balancer.accepts(last)) {
            return order;
        }
        int[] whole = Arrays.copyOf(order, order.length + 1);
        whole[order.length] = last;
        return whole;
    }

    @Override
    public String whyFirst(SetView set, RoundRobinState cursor, int first, int hash, boolean reserve) {
        return balancer(set, cursor, hash, reserve).whyFirst(first);
    }

    @Override
    public String whyNext() {
        return "next in the failover list";
    }

    @Override
    public String figures(SetView set, RoundRobinState cursor, int place, boolean reserve) {
        return balancer(set, cursor, 0, reserve).figures(place);
    }

    @Override
    public boolean accepts(SetView set, RoundRobinState cursor, int place, boolean reserve) {
        return balancer(set, cursor, 0, reserve).accepts(place);
    }
}
