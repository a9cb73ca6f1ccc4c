package org.sipdispatch.sets;

import java.util.function.LongSupplier;

/** Ranks by a figure of each destination: algorithm 9. */
public record FigureRanking(FigurePattern figure, DestinationFacts facts) implements Ranking {
    @Override
    public long[] values(SetView set, int size) {
        LongSupplier[] readers = readers(set);
        long[] values = new long[size];
        for (int i = 0; i < size; i++) {
            values[i] = readers[i].getAsLong();
        }
        return values;
    }

    /** The value of the member at this index. */
    public long value(SetView set, int place) {
        return readers(set)[place].getAsLong();
    }

    /** The readers of the members' values, by index. */
    LongSupplier[] readers(SetView set) {
        return set.readers(this, destination -> facts.reader(figure, destination));
    }

    @Override
    public String text() {
        return figure.text();
    }
}
