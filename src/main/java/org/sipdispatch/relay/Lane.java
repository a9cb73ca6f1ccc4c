package org.sipdispatch.relay;

import java.net.InetSocketAddress;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.sipdispatch.sip.Ascii;
import org.sipdispatch.sip.ByteSink;
import org.sipdispatch.sip.IpLiteral;
import org.sipdispatch.sip.KeyedHash;
import org.sipdispatch.sip.Parameters;
import org.sipdispatch.sip.ReplyWriter;
import org.sipdispatch.sip.SipParser;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipResponse;
import org.sipdispatch.sip.TransactionKey;
import org.sipdispatch.sip.Via;

/** What the parts of one lane share: settings, doors, timers, and the writers of messages. One thread only. */
final class Lane {
    /** Completes our own Via in a {@link #refusal}, which is taken off before it leaves. */
    private static final ReplyWriter.Source NOBODY = new ReplyWriter.Source("0.0.0.0", null, 0);

    final LaneSetup setup;
    final RelaySettings settings;
    final ListenSockets sockets;
    final Wire wire;
    final SetDoor sets;
    final TransactionKey keys;
    final Seals seals;
    final Outgoing outgoing;
    final TimerWheel timers;
    final LaneCounters counters;
    final LaneDestinations destinations;
    final LongSupplier micros;
    final Hops hops;
    final DestinationAddresses addresses;
    final DialogTargets targets;
    final Evidence evidence;
    final CarriedCalls carried;
    final OpenCalls calls;
    final SendFailures failures;
    /** How many pauses of this process were noticed. */
    private final LongSupplier pauses;
    /** How many of them are over: the cluster has confirmed since what this lane knows. */
    long confirmedPauses;

    final SourceTexts sources = new SourceTexts();
    private final ReplyWriter replies = new ReplyWriter();
    /** The time of the event that is being handled, in milliseconds of a clock that never goes back. */
    long nowMs;

    Lane(LaneSetup setup, LaneDoors doors, long nowMs) {
        this.setup = setup;
        this.settings = setup.settings();
        this.sockets = setup.sockets();
        this.wire = doors.wire();
        this.sets = doors.sets();
        this.counters = doors.counters();
        destinations = counters.destinations();
        micros = doors.micros();
        pauses = doors.pauses();
        this.nowMs = nowMs;
        keys = new TransactionKey(KeyedHash.of(settings.secret()));
        timers = new TimerWheel(nowMs);
        seals = new Seals(keys, doors.epochSeconds(), settings.callLongestMs());
        outgoing = new Outgoing(keys, seals, sources);
        hops = new Hops(sockets, doors.resolver());
        addresses = new DestinationAddresses(sets, doors.resolver());
        targets = new DialogTargets(sockets, addresses, doors.guarded(), settings.inDialogTargets());
        evidence = new Evidence(this, doors.evidence());
        carried = new CarriedCalls(this, doors.carried());
        calls = new OpenCalls(this);
        failures = new SendFailures(this);
    }

    /** Whether this node stood still and what it knows of destinations may be old. */
    boolean isStale() {
        return pauses.getAsLong() != confirmedPauses;
    }

    /** A limit of this lane was reached; {@code what} is asked for when a line in the log is due. */
    void hit(Limit limit, Supplier<String> what) {
        counters.limits().hit(limit, micros.getAsLong() / 1_000, what);
    }

    /** The same, and those who have little are refused, too. */
    void full(Limit limit, Supplier<String> what) {
        counters.limits().full(limit, micros.getAsLong() / 1_000, what);
    }

    /** What to run when a memory of that size forgets early. */
    Runnable forgetsEarly(Limit limit, int most) {
        return () -> hit(
                limit,
                () -> most + " in lane " + setup.lane()
                        + " (expected: room for all that come within their time); the oldest are forgotten early");
    }

    /** Writes a reply of our own; valid until the next one is written. */
    ByteSink ownReply(SipRequest request, Flow flow, long key, int code, String reason, String extraHeaders) {
        counters.add(Counter.OWN_REPLIES);
        return replies.write(request, code, reason, sources.of(flow), keys.replyTag(key), extraHeaders);
    }

    /** Answers a request without remembering it (RFC 3261 section 8.2.7). An ACK is never answered. */
    void answer(SipRequest request, Flow flow, long key, int code, String reason, String extraHeaders) {
        if (!request.isMethod("ACK")) {
            ByteSink reply = ownReply(request, flow, key, code, reason, extraHeaders);
            send(flow.socket(), replyAddress(request, flow), flow.connection(), reply);
        }
    }

    /** The answer to a request that this proxy wrote, as its next hop would have given it. */
    SipResponse refusal(SipRequest sent, long key, SendFailure why) {
        counters.add(Counter.OWN_REPLIES);
        byte[] bytes = replies.write(
                        sent, why.reply().code(), why.reply().reason(), NOBODY, keys.replyTag(key), why.headers())
                .copy();
        return (SipResponse) SipParser.parse(bytes, 0, bytes.length);
    }

    /** Answers a request that cannot be sent anywhere. */
    void answer(SipRequest request, Flow flow, long key, SendFailure why) {
        answer(request, flow, key, why.reply().code(), why.reply().reason(), why.headers());
    }

    /** Sends; tells why if it is certain that the message cannot be sent, else null. */
    SendFailure send(ListenSocket socket, InetSocketAddress remote, long connection, ByteSink message) {
        return send(socket, remote, connection, message.bytes(), message.length());
    }

    SendFailure send(ListenSocket socket, InetSocketAddress remote, long connection, byte[] bytes, int length) {
        SendFailure why = wire.send(socket, remote, connection, bytes, length);
        if (why != null) {
            failures.add(why, remote, length);
        }
        return why;
    }

    /** Where replies to a request go (RFC 3261 section 18.2.2, RFC 3581): its source, on the port it asks for. */
    static InetSocketAddress replyAddress(SipRequest request, Flow flow) {
        Via via = request.topVia();
        // A connection's far port is no port that anybody listens on; sent-by's is (RFC 3261 section 18.2.2).
        boolean reliable = flow.socket().protocol().isReliable();
        if (!reliable && via.parameter("rport") != Parameters.ABSENT) {
            return flow.source();
        }
        int port = via.port() == Via.NO_PORT ? 5060 : via.port();
        return port == flow.source().getPort()
                ? flow.source()
                : new InetSocketAddress(flow.source().getAddress(), port);
    }

    /** Where a response goes whose transaction we do not know, from the Via below ours; null if it does not say. */
    static InetSocketAddress replyAddress(byte[] bytes, Via via, Protocol protocol) {
        long received = via.parameter("received");
        byte[] address = received == Parameters.ABSENT
                ? IpLiteral.parse(bytes, via.hostStart(), via.hostEnd())
                : IpLiteral.parse(bytes, Parameters.start(received), Parameters.end(received));
        if (address == null) {
            return null;
        }
        long rport = protocol.isReliable() ? Parameters.ABSENT : via.parameter("rport");
        long port = rport == Parameters.ABSENT
                ? -1
                : Ascii.number(bytes, Parameters.start(rport), Parameters.end(rport), 65_535);
        if (port < 0) {
            port = via.port() == Via.NO_PORT ? 5060 : via.port();
        }
        return new InetSocketAddress(Hops.address(address), (int) port);
    }

    /** A timer that runs a piece of code. */
    static TimerWheel.Timer timer(LongConsumer action) {
        return new TimerWheel.Timer() {
            @Override
            void fire(long now) {
                action.accept(now);
            }
        };
    }
}
