package org.sipdispatch.relay;

import java.net.InetSocketAddress;
import java.util.function.Consumer;
import org.sipdispatch.destination.Ping;
import org.sipdispatch.destination.PingResult;
import org.sipdispatch.sets.SetActor;
import org.sipdispatch.settings.BadSetting;
import org.sipdispatch.sip.Branch;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.ParseFailure;
import org.sipdispatch.sip.SipInput;
import org.sipdispatch.sip.SipParser;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipResponse;

/**
 * One lane of traffic: every message that arrives goes through here, and so does every answer of a set actor and every
 * tick of the clock. A plain object on one thread; its doors lead to sockets and actors. The time of each event is an
 * argument, in milliseconds of a clock that never goes back.
 */
public final class RelayLane {
    private final Lane lane;
    private final RequestRelay requests;
    private final ResponseRelay responses;
    private final Pings pings;

    public RelayLane(LaneSetup setup, LaneDoors doors, long nowMs) {
        lane = new Lane(setup, doors, nowMs);
        requests = new RequestRelay(lane);
        responses = new ResponseRelay(lane, requests.stateful(), requests.stateless());
        pings = new Pings(lane, doors.micros());
    }

    /** One message arrived; the bytes are the lane's from now on. */
    public void received(byte[] bytes, int offset, int length, Flow flow, long nowMs) {
        lane.nowMs = nowMs;
        SipInput input = SipParser.parse(bytes, offset, length);
        if (input instanceof SipRequest request) {
            int owner = ownerOf(request);
            if (owner == lane.setup.lane()) {
                lane.counters.add(Counter.REQUESTS);
                requests.received(request, flow);
            } else if (!lane.wire.handOver(owner, bytes, offset, length, flow)
                    && flow.connection() != Flow.NO_CONNECTION) {
                // Nobody repeats it: what is lost by UDP comes again.
                lane.answer(request, flow, lane.keys.of(request), 503, "Overloaded", "Retry-After: 10\r\n");
            }
        } else if (input instanceof SipResponse response) {
            response(response, flow);
        } else if (input instanceof ParseFailure failure) {
            lane.counters.add(Counter.PARSE_FAILURES);
            if (failure.code() > 0) {
                // Its key as ever, so that the ACK for the answer is known by its tag.
                long key = lane.keys.of(failure.request());
                lane.answer(failure.request(), flow, key, failure.code(), failure.reason(), "");
            }
        }
    }

    /** A fault of this program kept a message from being carried: if it is a request, its sender is answered 500. */
    public void failed(byte[] bytes, int offset, int length, Flow flow, long nowMs) {
        lane.nowMs = nowMs;
        if (SipParser.parse(bytes, offset, length) instanceof SipRequest request) {
            requests.failed(request, flow);
        }
    }

    /** Answers a request that the transport could not take in whole, as far as it can be read. */
    public void refuse(byte[] bytes, Flow flow, int code, String reason, long nowMs) {
        lane.nowMs = nowMs;
        lane.counters.add(Counter.PARSE_FAILURES);
        SipInput input = SipParser.parse(bytes, 0, bytes.length);
        SipRequest request = input instanceof ParseFailure failure ? failure.request() : null;
        if (request != null) {
            lane.answer(request, flow, lane.keys.of(request), code, reason, "");
        }
    }

    /**
     * Tells where a request would go if it came in now, and why. Nothing is sent, remembered or counted, and no round
     * robin moves.
     *
     * @param message all of the request; the bytes are the lane's from now on
     * @param flow how it would come
     * @param then is given the explanation, now or later
     * @throws BadSetting if the message is no SIP request
     */
    public void explain(byte[] message, Flow flow, Consumer<Explanation> then, long nowMs) {
        lane.nowMs = nowMs;
        requests.explainer().explain(SipParser.parse(message, 0, message.length), flow, then);
    }

    /** The lane, of so many, that a message would be handled by; the first one for what is no request. */
    public static int laneOf(byte[] message, int lanes) {
        return SipParser.parse(message, 0, message.length) instanceof SipRequest request ? laneOf(request, lanes) : 0;
    }

    private int ownerOf(SipRequest request) {
        int lanes = lane.setup.lanes();
        return lanes == 1 ? lane.setup.lane() : laneOf(request, lanes);
    }

    /** The lane of the request's Call-ID, so that all of a dialog's requests meet the same cursors. */
    private static int laneOf(SipRequest request, int lanes) {
        int header = request.first(HeaderName.CALL_ID);
        int hash = 0;
        for (int i = request.valueStart(header); i < request.valueEnd(header); i++) {
            hash = hash * 31 + request.bytes()[i];
        }
        return Math.floorMod(hash ^ hash >>> 15, lanes);
    }

    /** A set actor has answered. */
    public void selected(SetActor.Selected selected, long nowMs) {
        lane.nowMs = nowMs;
        selected.context().selected(selected.candidates());
    }

    /** A name was resolved, or anything else that was begun here has to go on here. */
    public void resume(Runnable continuation, long nowMs) {
        lane.nowMs = nowMs;
        continuation.run();
    }

    /** Nothing will come from there any more for those that wait for an answer: see {@link SendFailure}. */
    public void lost(ListenSocket socket, InetSocketAddress remote, SendFailure why, long nowMs) {
        lane.nowMs = nowMs;
        Hop hop = new Hop(socket, remote);
        requests.stateful().lost(hop, why);
        pings.lost(hop, why);
    }

    /** A whole message that {@link Wire#send} took could not be sent after all. */
    public void notSent(byte[] message, InetSocketAddress remote, SendFailure why, long nowMs) {
        lane.nowMs = nowMs;
        lane.failures.add(why, remote, message.length);
        // An ACK is never answered, nor is a response.
        if (!(SipParser.own(message) instanceof SipRequest request) || request.isMethod("ACK")) {
            return;
        }
        Branch branch = Branch.of(request.topVia());
        if (branch == null) {
            return;
        }
        ResponseContext context = requests.stateful().find(branch.transaction());
        if (branch.attempt() == Pings.ATTEMPT) {
            pings.notSent(branch.transaction(), why);
        } else if (context == null) {
            responses.notSent(request, branch, why);
        } else if (context.isFor(request)) {
            context.notSent(branch.attempt(), why);
        }
    }

    /** Sends a ping; {@code then} is told once what became of it, on this thread. */
    public void ping(Ping ping, Consumer<PingResult> then, long nowMs) {
        lane.nowMs = nowMs;
        pings.send(ping, then);
    }

    /** Other nodes' sockets became known, so that hops that were found before may be others now. */
    public void forgetHops() {
        lane.hops.forget();
    }

    /** Time went on; to be called every {@link TimerWheel#TICK_MS} milliseconds or so. */
    public void tick(long nowMs) {
        lane.nowMs = nowMs;
        lane.timers.advance(nowMs);
        lane.carried.flush();
        lane.addresses.tick(nowMs);
        requests.tick();
    }

    /** What this lane was told until now is what the cluster knows after so many pauses of this process. */
    public void confirmed(long pauses, long nowMs) {
        lane.nowMs = nowMs;
        lane.confirmedPauses = pauses;
        requests.confirmed();
    }

    /** Whether there are other nodes that are to be told of this lane's calls. */
    public void carryCalls(boolean whether) {
        lane.carried.tell(whether);
    }

    /** Another node tells of its calls. */
    public void carry(byte[] calls, long nowMs) {
        lane.nowMs = nowMs;
        lane.carried.learn(calls);
    }

    /** The lane that another node's word of its calls is for, of so many; -1 for all. */
    public static int ownerOf(byte[] calls, int lanes) {
        return CarriedCall.owner(calls, lanes);
    }

    /** From now on only what was begun is carried on; whoever begins something is told to go elsewhere. */
    public void refuseNewCalls() {
        requests.close();
    }

    /** How many transactions are remembered. */
    public int transactions() {
        return requests.stateful().size();
    }

    private void response(SipResponse response, Flow flow) {
        Branch branch = Branch.of(response.topVia());
        if (branch == null) {
            lane.counters.add(Counter.FOREIGN_RESPONSES);
        } else if (branch.lane() != lane.setup.lane() && branch.lane() < lane.setup.lanes()) {
            lane.wire.handOver(
                    branch.lane(), response.bytes(), response.start(), response.end() - response.start(), flow);
        } else if (branch.attempt() == Pings.ATTEMPT) {
            pings.received(response, branch);
        } else {
            lane.counters.add(Counter.RESPONSES);
            responses.received(response, branch);
        }
    }
}
