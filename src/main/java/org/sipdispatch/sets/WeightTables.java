package org.sipdispatch.sets;

import java.util.concurrent.atomic.AtomicReferenceArray;

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

    /** {@code view}: one with these weights. */
    RemainderTable remainders(SetView view, boolean reserve) {
        int place = reserve ? 1 : 0;
        RemainderTable known = remainders.get(place);
        if (known == null) {
            known = new RemainderTable(Picker.size(view, reserve), index -> true, view::weight);
            remainders.set(place, known);
        }
        return known;
    }

    /** {@code view}: one with these weights. */
    RendezvousTree rendezvous(SetView view, boolean reserve) {
        int place = reserve ? 1 : 0;
        RendezvousTree known = trees.get(place);
        if (known == null) {
            known = shape(view, reserve).weighted(view::weight);
            trees.set(place, known);
        }
        return known;
    }

    private RendezvousTree shape(SetView view, boolean reserve) {
        int place = reserve ? 1 : 0;
        RendezvousTree known = shapes.get(place);
        if (known == null) {
            known = RendezvousTree.of(Picker.size(view, reserve), view::seed);
            shapes.set(place, known);
        }
        return known;
    }
}
