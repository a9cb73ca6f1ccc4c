package org.sipdispatch.manage;

import org.sipdispatch.desk.Desk;
import org.sipdispatch.desk.Refusal;

/** Tells what this node's traffic did, as often as it is said to be time. */
final class TrafficVoice implements Voice {
    private final Desk desk;
    private boolean due;

    TrafficVoice(Desk desk) {
        this.desk = desk;
    }

    @Override
    public void begin() {
        due = true;
    }

    /** It is time. */
    void due() {
        due = true;
    }

    @Override
    public String next() {
        if (!due) {
            return null;
        }
        due = false;
        try {
            return Event.of("traffic", TrafficJson.of(desk.showTraffic().answer()));
        } catch (Refusal notYet) {
            return null;
        }
    }

    @Override
    public void end() {
        due = false;
    }
}
