package org.sipdispatch.manage;

import org.sipdispatch.operations.OperationException;

/** What this node's traffic did, each time that it is due. */
final class TrafficEvents implements EventSource {
    private final RenderedTraffic traffic;
    private boolean due;

    TrafficEvents(RenderedTraffic traffic) {
        this.traffic = traffic;
    }

    @Override
    public void begin() {
        due = true;
    }

    /** The next event is due. */
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
            return traffic.event();
        } catch (OperationException notYet) {
            return null;
        }
    }

    @Override
    public void end() {
        due = false;
    }
}
