package org.sipdispatch.manage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.sipdispatch.desk.ListDestinations;

/** Tells what this node knows of destinations: all at first, then whatever becomes different, the newest only. */
final class ViewVoice implements Voice {
    private static final int MOST_ROWS = 1000;

    private final Live live;
    private final Watch watch;
    private boolean begun;

    ViewVoice(Live live, Place place, Runnable awake) {
        this.live = live;
        watch = new Watch(place, awake);
    }

    @Override
    public void begin() {
        live.begin(watch);
    }

    @Override
    public String next() {
        if (watch.isFresh()) {
            return null;
        }
        if (watch.takeRedefined()) {
            return Event.of(
                    "definitions", Json.object().put("revision", live.seen().revision()));
        }
        List<ListDestinations.Row> rows = watch.take(() -> live.seen().rows(), MOST_ROWS);
        if (rows.isEmpty() && begun) {
            return null;
        }
        begun = true;
        ObjectNode view = Json.object();
        view.set("destinations", Shown.rows(rows));
        return Event.of("view", view);
    }

    @Override
    public void end() {
        live.end(watch);
    }
}
