package org.sipdispatch.transport;

import java.util.List;
import java.util.function.LongSupplier;
import org.sipdispatch.observation.MeasuredFigures;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.DestinationFacts;
import org.sipdispatch.sets.DestinationLoad;
import org.sipdispatch.sets.FigureChanges;
import org.sipdispatch.sets.FigurePattern;

/**
 * The figures that this node's lanes measure, together with the facts about destinations that the rest of the node
 * knows.
 */
record MeasuredDestinationFacts(MeasuredFigures measured, DestinationFacts others) implements DestinationFacts {
    @Override
    public LongSupplier reader(FigurePattern figure, Destination destination) {
        return figure.measured() == null
                ? others.reader(figure, destination)
                : measured.reader(figure.measured(), destination);
    }

    @Override
    public FigureChanges changes(FigurePattern figure, List<Destination> members) {
        return figure.measured() == null
                ? others.changes(figure, members)
                : measured.changes(figure.measured(), members);
    }

    @Override
    public String scriptAttrs(Destination destination) {
        return others.scriptAttrs(destination);
    }

    @Override
    public DestinationLoad load(Destination destination) {
        return measured.load(destination);
    }

    @Override
    public long measurements() {
        return measured.samples();
    }
}
