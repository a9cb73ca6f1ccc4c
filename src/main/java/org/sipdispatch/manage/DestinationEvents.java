package org.sipdispatch.manage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.sipdispatch.replication.ChangeSubscription;
import org.sipdispatch.replication.DestinationsSnapshot;

/**
 * Events about the destinations that this node knows: first all of them, then the changed ones. Pauses after each batch
 * of changes.
 */
final class DestinationEvents implements EventSource {
    private static final int MOST_ROWS = 1000;

    private final SetFilter filter;
    private final ChangeSubscription changes;
    private final Runnable pause;
    private boolean begun;
    private boolean pausing;

    /**
     * Reads changes from a subscription.
     *
     * @param pause schedules the end of the pause
     */
    DestinationEvents(SetFilter place, ChangeSubscription changes, Runnable pause) {
        this.filter = place;
        this.changes = changes;
        this.pause = pause;
    }

    @Override
    public void begin() {
        // The subscription itself wakes the stream.
    }

    @Override
    public String next() {
        if (pausing) {
            return null;
        }
        boolean redefined = changes.takeRedefined();
        if (changes.revision() == 0) {
            // There are no definitions yet.
            return null;
        } else if (redefined) {
            return ServerSentEvent.of("definitions", Json.object().put("revision", changes.revision()));
        }
        List<DestinationsSnapshot.KnownDestination> changed = changes.next(filter::matches, MOST_ROWS);
        if (changed.isEmpty() && begun) {
            return null;
        }
        begun = true;
        if (changed.size() < MOST_ROWS) {
            pausing = true;
            pause.run();
        }
        ObjectNode view = Json.object();
        view.set("destinations", JsonViews.rows(changed));
        return ServerSentEvent.of("view", view);
    }

    /** Ends the pause. */
    void resume() {
        pausing = false;
    }

    @Override
    public void end() {
        changes.close();
    }
}
