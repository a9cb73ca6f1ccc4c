package org.sipdispatch.sets;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntToLongFunction;
import java.util.function.IntUnaryOperator;

/**
 * What algorithms compute from all members of a set and their weights, usable or not, with and without a reserve. Created
 * when it is needed, and shared by all views with these weights. Thread-safe.
 */
final class WeightTables {
    private final AtomicReferenceArray<RemainderTable> remainders = new AtomicReferenceArray<>(2);
    private final AtomicReferenceArray<RendezvousTree> trees = new AtomicReferenceArray<>(2);
    /** The trees without weights. */
    private final AtomicReferenceArray<RendezvousTree> shapes;

    WeightTables() {
        this(new AtomicReferenceArray<>(2));
    }

    private WeightTables(AtomicReferenceArray<RendezvousTree> shapes) {
        this.shapes = shapes;
    }

    /** Those of the same members with other weights. */
    WeightTables withOtherWeights() {
        return new WeightTables(shapes);
    }

    /**
     * The table of the hash algorithms.
     *
     * @param size how many members take part
     */
    RemainderTable remainders(boolean reserve, int size, IntUnaryOperator weight) {
        int place = reserve ? 1 : 0;
        RemainderTable known = remainders.get(place);
        if (known == null) {
            known = new RemainderTable(size, index -> true, weight);
            remainders.set(place, known);
        }
        return known;
    }

    /** The tree of rendezvous hashing; {@code size} as above. */
    RendezvousTree rendezvous(boolean reserve, int size, IntToLongFunction seed, IntUnaryOperator weight) {
        int place = reserve ? 1 : 0;
        RendezvousTree known = trees.get(place);
        if (known == null) {
            RendezvousTree shape = shapes.get(place);
            if (shape == null) {
                shape = RendezvousTree.of(size, seed);
                shapes.set(place, shape);
            }
            known = shape.weighted(weight);
            trees.set(place, known);
        }
        return known;
    }
}
