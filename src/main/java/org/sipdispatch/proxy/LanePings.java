package org.sipdispatch.proxy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.sipdispatch.destination.Ping;
import org.sipdispatch.destination.PingResult;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.observation.LaneCounters;
import org.sipdispatch.observation.SendFailures;
import org.sipdispatch.sets.Target;
import org.sipdispatch.sip.Branch;
import org.sipdispatch.sip.ByteWriter;
import org.sipdispatch.sip.SipResponse;
import org.sipdispatch.sip.SipUri;
import org.sipdispatch.sip.TransactionKey;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transaction.LongMap;
import org.sipdispatch.transaction.NextHop;
import org.sipdispatch.transaction.SendFailure;
import org.sipdispatch.transaction.TimerWheel;
import org.sipdispatch.transaction.TransactionContext;

/**
 * The pings of one lane: client transactions of this proxy (RFC 3261 section 17.1.2). Their branches contain an attempt
 * number that no call uses and an unpredictable key, so that no third party can respond in a destination's place. A ping
 * from before a pause of this process ends without evidence and sends nothing more, because another node may probe the
 * destination by now.
 */
final class LanePings {
    /** The attempt number in the branch of a ping. */
    static final int ATTEMPT = 4095;

    private static final int MAX_PENDING = 4096;

    private final LaneSetup setup;
    private final TransactionContext transactions;
    private final TransactionKey keys;
    private final NextHopResolver resolver;
    private final LaneCounters counters;
    private final SendFailures failures;
    private final LongSupplier pauses;
    private final LongMap<PendingPing> pending = new LongMap<>(64);
    private final Map<NextHop, Set<PendingPing>> byHop = new HashMap<>();
    private long count;

    LanePings(
            LaneSetup setup,
            TransactionContext transactions,
            TransactionKey keys,
            NextHopResolver resolver,
            LaneCounters counters,
            SendFailures failures,
            LongSupplier pauses) {
        this.setup = setup;
        this.transactions = transactions;
        this.keys = keys;
        this.resolver = resolver;
        this.counters = counters;
        this.failures = failures;
        this.pauses = pauses;
    }

    /** Sends a ping that was ordered after this number of pauses. {@code then} receives the result once. */
    void send(Ping ping, long orderedPauses, Consumer<PingResult> then) {
        if (pending.size() >= MAX_PENDING || orderedPauses != pauses.getAsLong()) {
            then.accept(result(PingResult.PingOutcome.NO_EVIDENCE));
            return;
        }
        boolean hasTarget = !ping.target().isEmpty();
        if (SipUri.parse(ping.destination().uri()) == null || hasTarget && Target.address(ping.target()) == null) {
            then.accept(result(PingResult.PingOutcome.NOT_SENT));
            return;
        }
        PendingPing one = new PendingPing(ping, orderedPauses, keys.pingKey(setup.seed(), ++count), then);
        pending.put(one.key, one);
        transactions.start(one.timeout, ping.timeoutMs());
        ListenSocket wanted = ping.socket() == null ? null : setup.sockets().serving(ping.socket());
        ListenSocket preferred = wanted == null ? setup.sockets().all().get(0) : wanted;
        if (hasTarget) {
            resolver.toTarget(ping.destination(), ping.target(), preferred, one::send);
        } else {
            resolver.toDestinationUncached(ping.destination(), preferred, one::send);
        }
    }

    /** Receives a response to a ping. A late response is counted and dropped. */
    void received(SipResponse response, Branch branch) {
        PendingPing one = pending.get(branch.transaction());
        if (one == null || !response.cseqMethodIs(one.ping.method())) {
            counters.add(LaneCounter.LATE_PING_REPLIES);
        } else if (response.isProvisional()) {
            one.provisionalReceived = true;
        } else {
            long roundTrip = Math.max(1, transactions.clock().micros() - one.sentMicros);
            one.end(new PingResult(PingResult.PingOutcome.REPLIED, response.status(), roundTrip));
        }
    }

    /** No response can arrive from this hop any more: ends all affected pings to it. */
    void transportError(NextHop hop, Predicate<NextHop> affected, SendFailure why, String detail) {
        Set<PendingPing> all = byHop.get(hop);
        for (PendingPing one : all == null ? List.<PendingPing>of() : new ArrayList<>(all)) {
            if (affected.test(one.hop)) {
                one.end(new PingResult(kind(why), 0, 0, detail));
            }
        }
    }

    /** The ping with this key, for which sending was reported as successful, could not be sent. */
    void notSent(long key, SendFailure why, String detail) {
        PendingPing one = pending.get(key);
        if (one != null) {
            one.end(new PingResult(kind(why), 0, 0, detail));
        }
    }

    /** A failure of this node's own resources is not an observation of the destination. */
    private static PingResult.PingOutcome kind(SendFailure why) {
        if (!why.isDestinationFault()) {
            return PingResult.PingOutcome.NO_EVIDENCE;
        }
        return why == SendFailure.NO_ADDRESS ? PingResult.PingOutcome.NOT_SENT : PingResult.PingOutcome.UNREACHABLE;
    }

    private static PingResult result(PingResult.PingOutcome outcome) {
        return new PingResult(outcome, 0, 0);
    }

    /** A ping that waits for its response. */
    private final class PendingPing {
        private final Ping ping;
        private final long orderedPauses;
        private final long key;
        private final Consumer<PingResult> then;
        private final TimerWheel.Timer timerE = TimerWheel.timer(this::onTimerE);
        private final TimerWheel.Timer timeout = TimerWheel.timer(this::onTimeout);
        private NextHop hop;
        private byte[] message;
        private long sentMicros;
        private long intervalMs;
        private boolean provisionalReceived;
        private boolean ended;

        PendingPing(Ping ping, long orderedPauses, long key, Consumer<PingResult> then) {
            this.ping = ping;
            this.orderedPauses = orderedPauses;
            this.key = key;
            this.then = then;
        }

        private void send(List<NextHop> hops) {
            if (ended) {
                return;
            }
            if (hops.isEmpty()) {
                hasNoHop(NoNextHop.why(hops));
                return;
            }
            SendFailure why = null;
            for (NextHop next : hops) {
                message = request(ping, next.socket(), key);
                // The last moment: the less happens after it, the less a pause can come in between.
                if (endsByPause()) {
                    return;
                }
                sentMicros = transactions.clock().micros();
                why = transactions.send(next, message);
                if (why == null) {
                    sentTo(next);
                    return;
                }
            }
            end(result(kind(why)));
        }

        private boolean endsByPause() {
            if (orderedPauses == pauses.getAsLong()) {
                return false;
            }
            end(result(PingResult.PingOutcome.NO_EVIDENCE));
            return true;
        }

        private void hasNoHop(SendFailure why) {
            failures.add(why, ping.destination().uri(), 0);
            end(new PingResult(kind(why), 0, 0, why == SendFailure.NO_ADDRESS ? "no address" : ""));
        }

        private void sentTo(NextHop taken) {
            counters.add(LaneCounter.PINGS);
            hop = taken;
            byHop.computeIfAbsent(hop, unused -> new LinkedHashSet<>()).add(this);
            if (!hop.socket().protocol().isReliable()) {
                intervalMs = transactions.timers().t1Ms();
                transactions.start(timerE, intervalMs);
            }
        }

        /** Timer E: retransmits the ping. */
        private void onTimerE(long nowMs) {
            if (endsByPause()) {
                return;
            }
            watch();
            transactions.send(hop, message);
            long t2Ms = transactions.timers().t2Ms();
            intervalMs = provisionalReceived ? t2Ms : Math.min(intervalMs * 2, t2Ms);
            transactions.start(timerE, intervalMs);
        }

        private void watch() {
            if (!provisionalReceived && !hop.socket().protocol().isReliable()) {
                transactions.watch(hop);
            }
        }

        private void onTimeout(long nowMs) {
            if (endsByPause()) {
                return;
            }
            if (hop == null) {
                hasNoHop(SendFailure.NO_DNS_ANSWER);
            } else {
                // The timeout may be shorter than T1. Watch the hop, so that the next ping detects a closed port.
                watch();
                counters.add(LaneCounter.PING_TIMEOUTS);
                end(result(PingResult.PingOutcome.SILENT));
            }
        }

        private void end(PingResult result) {
            ended = true;
            pending.remove(key);
            transactions.stop(timerE);
            transactions.stop(timeout);
            Set<PendingPing> others = byHop.get(hop);
            if (others != null && others.remove(this) && others.isEmpty()) {
                byHop.remove(hop);
            }
            then.accept(result);
        }
    }

    /**
     * Writes the request without the URI's headers, which neither a Request-URI nor a To may contain (RFC 3261 section
     * 19.1.1).
     */
    private byte[] request(Ping ping, ListenSocket socket, long key) {
        SipUri uri = SipUri.parse(ping.destination().uri());
        ByteWriter out = new ByteWriter(512);
        out.put(ping.method()).put(' ').put(uri.bytes(), uri.start(), uri.parametersEnd());
        out.put(" SIP/2.0\r\n").put(socket.viaStart());
        new Branch(setup.lane(), socket.index(), ATTEMPT, key, 0).writeTo(out);
        out.put(";rport\r\nMax-Forwards: ").putNumber(ping.maxForwards());
        out.put("\r\nFrom: <").put(ping.from()).put(">;tag=").putBase64(keys.replyTag(key), KeyedHash.DIGITS);
        out.put("\r\nTo: <").put(uri.bytes(), uri.start(), uri.parametersEnd());
        out.put(">\r\nCall-ID: ").putBase64(key, KeyedHash.DIGITS).put('@').put(socket.advertisedHost());
        out.put("\r\nCSeq: 1 ").put(ping.method()).put("\r\nContact: ").put(socket.contact());
        return out.put("\r\nUser-Agent: sip-dispatcher\r\nContent-Length: 0\r\n\r\n")
                .copy();
    }
}
