package org.sipdispatch.operations;

import java.util.concurrent.CompletionStage;
import org.sipdispatch.definitions.ReloadOutcome;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.sets.Destination;

/** Adds a temporary destination. It has no row; it exists in the cluster until it is removed. */
public final class AddDestination {
    private final OperationContext context;

    AddDestination(OperationContext context) {
        this.context = context;
    }

    public CompletionStage<ReloadOutcome> answer(
            OperationCaller caller, Destination destination, DestinationState initial) {
        caller.requireWrite();
        Definition temporary = new Definition(destination, initial, false, 0, 0, 0, "", true);
        return context.recorded(
                caller,
                "add",
                destination.id(),
                initial.text(),
                context.whenShown(context.cluster().add(temporary, caller.text())));
    }
}
