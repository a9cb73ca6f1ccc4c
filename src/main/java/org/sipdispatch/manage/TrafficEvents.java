package org.sipdispatch.manage;

import org.sipdispatch.operations.OperationException;

/** Events with this node's traffic, at regular intervals. */
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

    /** Makes the next event due. */
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
