package org.sipdispatch.sets;

import java.util.ArrayList;
import java.util.List;

/**
 * Divides the selections of a set in which members start slowly. A member with a share of 40 % takes part in 40 of 100
 * selections, so it gets 40 % of its usual requests, with every algorithm and regardless of the weights. The key decides
 * in which selections it takes part, so that a key moves to the member once; without a key, turns decide. Used by the
 * set's actor only.
 *
 * <p>Selections without some members have a round robin and balancers of their own: otherwise these would have to
 * prepare for other members at each selection.
 */
final class SlowStart {
    /** 2^64 divided by the golden ratio: its multiples are spread evenly, however many are taken. */
    private static final long GOLDEN = 0x9e3779b97f4a7c15L;

    private final LoadContext load;
    private final List<RoundRobinState> cursors = new ArrayList<>();
    private SetView whole;
    private int[] steps = {};
    /** By the number of steps that take no part; null until it is needed. */
    private SetView[] views = {};

    private long turn;

    /** {@code cursor}: the state for selections in which all members take part. */
    SlowStart(RoundRobinState cursor, LoadContext load) {
        this.load = load;
        cursors.add(cursor);
    }

    /** Takes over the present view of the set. */
    void use(SetView view) {
        if (whole != null && !view.hasMembersOf(whole)) {
            cursors.subList(1, cursors.size()).clear();
        }
        whole = view;
        steps = view.shares().steps();
        views = new SetView[steps.length + 1];
        views[0] = view;
    }

    /** How many steps take no part in the selection with this key's hash. */
    int withoutByKey(int hash) {
        return without(SplitMix64.mix(~Integer.toUnsignedLong(hash)));
    }

    /**
     * The same for the next selection without a key.
     *
     * @param counts whether the selection takes a turn; a trial does not
     */
    int withoutByTurn(boolean counts) {
        long next = turn + GOLDEN;
        if (counts) {
            turn = next;
        }
        return without(next);
    }

    private int without(long number) {
        long draw = WeightWheel.part(number, SlowShares.ALL);
        int out = 0;
        while (out < steps.length && steps[out] <= draw) {
            out++;
        }
        return out;
    }

    SetView view(int without) {
        if (views[without] == null) {
            views[without] = whole.withoutShares(steps[without - 1]);
        }
        return views[without];
    }

    RoundRobinState cursor(int without) {
        while (cursors.size() <= without) {
            cursors.add(new RoundRobinState(whole.size(), load));
        }
        return cursors.get(without);
    }
}
