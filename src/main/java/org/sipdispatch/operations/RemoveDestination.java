package org.sipdispatch.operations;

import java.util.concurrent.CompletionStage;
import org.sipdispatch.definitions.ReloadOutcome;

/** Removes a temporary destination. */
public final class RemoveDestination {
    private final OperationContext context;

    RemoveDestination(OperationContext context) {
        this.context = context;
    }

    public CompletionStage<ReloadOutcome> answer(OperationCaller caller, String id) {
        caller.requireWrite();
        return context.recorded(
                caller,
                "remove",
                id,
                "",
                context.whenShown(context.ifDefined(id, () -> context.cluster().remove(id, caller.text()))));
    }
}
