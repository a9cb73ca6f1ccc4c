package org.sipdispatch.app;

import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.sipdispatch.replication.DestinationsSnapshot;
import org.sipdispatch.replication.PushedFigures;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.DestinationFacts;
import org.sipdispatch.sets.FigureChanges;
import org.sipdispatch.sets.FigurePattern;

/** What the cluster knows of destinations, for traffic: pushed figures and script attributes. */
record ClusterDestinationFacts(PushedFigures figures, Supplier<DestinationsSnapshot> known)
        implements DestinationFacts {
    @Override
    public LongSupplier reader(FigurePattern figure, Destination destination) {
        return figures.reader(figure.nameFor(destination), destination);
    }

    @Override
    public FigureChanges changes(FigurePattern figure, List<Destination> members) {
        return members.isEmpty() ? FigureChanges.UNKNOWN : figures.changes(figure.nameFor(members.get(0)));
    }

    @Override
    public String scriptAttrs(Destination destination) {
        DestinationsSnapshot.KnownDestination entry = known.get().find(destination.id());
        return entry == null ? "" : entry.definition().scriptAttrs();
    }
}
