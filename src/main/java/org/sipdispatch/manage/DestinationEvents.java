package org.sipdispatch.manage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.sipdispatch.cluster.ChangeSubscription;
import org.sipdispatch.cluster.DestinationsSnapshot;
import org.sipdispatch.desk.Desk;

/** What this node knows of destinations: all at first, then those that changed. Pauses after each round of changes. */
final class DestinationEvents implements EventSource {
    private static final int MOST_ROWS = 1000;

    private final Desk desk;
    private final Place place;
    private final Runnable wake;
    private final Runnable pause;
    private ChangeSubscription changes;
    private boolean begun;
    private boolean pausing;

    /**
     * Begins with {@link #begin}.
     *
     * @param wake run on any thread when there is an event
     * @param pause has {@link #paused} called after a moment
     */
    DestinationEvents(Desk desk, Place place, Runnable wake, Runnable pause) {
        this.desk = desk;
        this.place = place;
        this.wake = wake;
        this.pause = pause;
    }

    @Override
    public void begin() {
        changes = desk.followDestinations().answer(wake);
    }

    @Override
    public String next() {
        if (pausing) {
            return null;
        }
        boolean redefined = changes.takeRedefined();
        if (changes.revision() == 0) {
            // Nothing is known before the first definitions.
            return null;
        } else if (redefined) {
            return ServerSentEvent.of("definitions", Json.object().put("revision", changes.revision()));
        }
        List<DestinationsSnapshot.Entry> changed = changes.next(place::holds, MOST_ROWS);
        if (changed.isEmpty() && begun) {
            return null;
        }
        begun = true;
        if (changed.size() < MOST_ROWS) {
            pausing = true;
            pause.run();
        }
        ObjectNode view = Json.object();
        view.set("destinations", Shown.rows(desk.listDestinations().rows(changed)));
        return ServerSentEvent.of("view", view);
    }

    /** The pause is over. */
    void paused() {
        pausing = false;
    }

    @Override
    public void end() {
        if (changes != null) {
            changes.close();
        }
    }
}
