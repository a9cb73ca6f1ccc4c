package org.sipdispatch.e2e;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Measured times in milliseconds. */
final class Figures {
    private final List<Double> values = new ArrayList<>();

    void add(double milliseconds) {
        values.add(milliseconds);
    }

    double worst() {
        return Collections.max(values);
    }

    private List<Double> sorted() {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted;
    }

    /** The value that 99 of 100 do not exceed. */
    double percentile99() {
        List<Double> sorted = sorted();
        return sorted.get((int) Math.ceil(sorted.size() * 0.99) - 1);
    }

    private double median() {
        List<Double> sorted = sorted();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** The number of values above the limit. */
    long above(double limit) {
        return values.stream().filter(value -> value > limit).count();
    }

    @Override
    public String toString() {
        return "median %.0f ms, worst %.0f ms of %d".formatted(median(), worst(), values.size());
    }
}
