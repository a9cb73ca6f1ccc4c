package org.sipdispatch.operations;

import java.util.concurrent.CompletionStage;
import org.sipdispatch.definitions.ReloadOutcome;

/** Removes a temporary destination. */
public final class RemoveDestination {
    private final OperationContext here;

    RemoveDestination(OperationContext here) {
        this.here = here;
    }

    public CompletionStage<ReloadOutcome> answer(Caller caller, String id) {
        caller.requireWrite();
        return here.recorded(
                caller,
                "remove",
                id,
                "",
                here.whenShown(here.ifDefined(id, () -> here.cluster().remove(id, caller.text()))));
    }
}
