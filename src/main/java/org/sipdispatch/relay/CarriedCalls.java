package org.sipdispatch.relay;

import java.util.List;
import java.util.function.Consumer;
import org.sipdispatch.sip.ByteSink;
import org.sipdispatch.sip.SipUri;

/**
 * Lets calls outlive this node: tells other nodes where each INVITE went, and remembers what they told of theirs. It
 * costs nothing as long as there are no others.
 */
final class CarriedCalls {
    /** Longer than a call rings where nothing else was configured. */
    private static final long REMEMBERED_MS = 240_000;

    private static final int MOST_BATCH_BYTES = 60_000;

    private final Lane lane;
    private final Consumer<byte[]> door;
    private final ByteSink batch = new ByteSink(4096);
    private boolean telling;
    private boolean written;
    private RecentMemory<CarriedCall> others;

    CarriedCalls(Lane lane, Consumer<byte[]> door) {
        this.lane = lane;
        this.door = door;
    }

    /** Whether there are other nodes to tell. */
    void tell(boolean whether) {
        flush();
        telling = whether;
    }

    /** A request was sent to a destination; {@code domain} as in {@link Outgoing.Changes}. */
    void sent(Arrival arrival, Hop hop, int attempt, SipUri domain, boolean recordRoute) {
        if (telling && arrival.request().isMethod("INVITE")) {
            CarriedCall call = new CarriedCall(
                    arrival.key(), lane.setup.lane(), attempt, hop.socket().name(), hop.remote(), domain, recordRoute);
            if (call.isWritable()) {
                write(call);
            }
        }
    }

    private void write(CarriedCall call) {
        if (!written) {
            written = true;
            CarriedCall.begin(batch, lane.setup.lanes(), lane.setup.lane());
        }
        call.writeTo(batch);
        if (batch.length() >= MOST_BATCH_BYTES) {
            flush();
        }
    }

    /** Tells what was written since the last time; to be called at every tick. */
    void flush() {
        if (written) {
            written = false;
            door.accept(batch.copy());
        }
    }

    /** Another node tells of its calls. */
    void learn(byte[] told) {
        List<CarriedCall> calls = CarriedCall.read(told);
        if (calls == null) {
            lane.counters.add(Counter.MALFORMED_CARRIED);
            return;
        }
        if (others == null) {
            int most = lane.settings.carriedMemory();
            others = new RecentMemory<>(most, REMEMBERED_MS, lane.nowMs, lane.forgetsEarly(Limit.CARRIED_MEMORY, most));
        }
        for (CarriedCall call : calls) {
            CarriedCall known = others.get(call.key());
            if (known == null || known.attempt() <= call.attempt()) {
                others.put(call.key(), call, lane.nowMs);
            }
        }
        lane.counters.add(Counter.CARRIED, calls.size());
    }

    /** What another node told of that transaction; null if nothing. */
    CarriedCall find(long key) {
        return others == null ? null : others.get(key);
    }

    /** Where the call went, as seen from this node; null if it has no socket for it. */
    Hop hop(CarriedCall call) {
        ListenSocket named = lane.sockets.named(call.socket());
        if (named != null) {
            return new Hop(named, call.remote());
        }
        ListenSocket socket = lane.sockets.toward(Protocol.UDP, call.remote().getAddress(), null);
        return socket == null ? null : new Hop(socket, call.remote());
    }
}
