package org.sipdispatch.relay;

/**
 * Which destination took a dialog, for user agents that ignore Record-Route and send the dialog's further requests to
 * this proxy without a Route. They would be dispatched anew otherwise, and a round robin would send them to another
 * destination. Keyed by a hash of the Call-ID.
 */
final class Dialogs {
    private static final long REMEMBERED_MS = 3_600_000;

    private final Lane lane;
    private final RecentMemory<Hop> hops;

    Dialogs(Lane lane) {
        this.lane = lane;
        int most = lane.settings.dialogMemory();
        hops = new RecentMemory<>(most, REMEMBERED_MS, lane.nowMs, lane.forgetsEarly(Limit.DIALOG_MEMORY, most));
    }

    void taken(long call, Hop hop) {
        hops.put(call, hop, lane.nowMs);
    }

    /** Where the request went that began a call; null if it is not remembered. */
    Hop of(long call) {
        return hops.get(call);
    }
}
