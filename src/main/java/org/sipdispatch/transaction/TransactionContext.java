package org.sipdispatch.transaction;

import java.net.InetSocketAddress;
import org.sipdispatch.sip.ByteWriter;
import org.sipdispatch.sip.SipRequest;

/** The clock, timers and transport that all transactions on one thread share. */
public final class TransactionContext {
    /** Notified of each message that could not be sent. */
    public interface SendFailureListener {
        void onSendFailure(SendFailure why, InetSocketAddress remote, int bytes);
    }

    private final EventClock clock;
    private final TimerWheel wheel;
    private final Transport transport;
    private final TransactionTimers timers;
    private final SendFailureListener failures;
    private final ReplyHops replyHops = new ReplyHops();

    public TransactionContext(
            EventClock clock,
            TimerWheel wheel,
            Transport transport,
            TransactionTimers timers,
            SendFailureListener failures) {
        this.clock = clock;
        this.wheel = wheel;
        this.transport = transport;
        this.timers = timers;
        this.failures = failures;
    }

    public EventClock clock() {
        return clock;
    }

    /** The configured intervals. */
    public TransactionTimers timers() {
        return timers;
    }

    /** Starts a timer; restarts it if it is running. */
    public void start(TimerWheel.Timer timer, long delayMs) {
        wheel.set(timer, clock.nowMs() + delayMs);
    }

    /** Stops a timer if it is running. */
    public void stop(TimerWheel.Timer timer) {
        wheel.cancel(timer);
    }

    /** Sends a message; see {@link Transport#send}. */
    public SendFailure send(
            ListenSocket socket, InetSocketAddress remote, TransactionConnections connections, ByteWriter message) {
        return send(socket, remote, connections, message.bytes(), message.length());
    }

    /** Sends a message; see {@link Transport#send}. */
    public SendFailure send(
            ListenSocket socket,
            InetSocketAddress remote,
            TransactionConnections connections,
            byte[] bytes,
            int length) {
        SendFailure why = transport.send(socket, remote, connections, bytes, length);
        if (why != null) {
            failures.onSendFailure(why, remote, length);
        }
        return why;
    }

    /** Sends a complete message to a next hop; see {@link Transport#send}. */
    public SendFailure send(NextHop hop, byte[] message) {
        return send(hop.socket(), hop.remote(), hop.connections(), message, message.length);
    }

    /** Sends a message to a next hop; see {@link Transport#send}. */
    public SendFailure send(NextHop hop, ByteWriter message) {
        return send(hop.socket(), hop.remote(), hop.connections(), message);
    }

    /** The hop back to the sender of a request. */
    NextHop back(SipRequest request, Flow flow) {
        return replyHops.of(request, flow);
    }

    /** Watches a next hop for ICMP errors; see {@link Transport#watch}. */
    public void watch(NextHop hop) {
        transport.watch(hop);
    }
}
