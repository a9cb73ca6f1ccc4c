package org.sipdispatch.transport;

import akka.util.ByteString;
import java.net.InetSocketAddress;
import java.util.function.Supplier;
import org.sipdispatch.observation.ProxyHeaderFailure;
import org.sipdispatch.transaction.NextHop;
import org.sipdispatch.transaction.SendFailure;

/**
 * The stage of a connection until its first bytes have identified the client; then another stage replaces it. No
 * message is received or sent meanwhile.
 */
abstract class ClientDetectionStage implements StreamStage {
    /** The connection. */
    interface DetectionListener extends StreamStage.StreamListener {
        /**
         * The client is known.
         *
         * @param rest the bytes for the next stage, perhaps none
         */
        void identified(InetSocketAddress client, byte[] rest);
    }

    static final byte[] NOTHING = {};

    private final LaneTcpContext lane;
    private final NextHop hop;
    private final DetectionListener owner;
    private final long timeoutAtMs;
    private boolean over;

    /** {@code hop}: the socket, and the connection's own address. */
    ClientDetectionStage(LaneTcpContext lane, NextHop hop, DetectionListener owner) {
        this.lane = lane;
        this.hop = hop;
        this.owner = owner;
        timeoutAtMs = lane.inlet().nowMs()
                + lane.settings().proxyProtocol().headerTimeout().toMillis();
    }

    NextHop hop() {
        return hop;
    }

    boolean isOver() {
        return over;
    }

    LaneTcpContext lane() {
        return lane;
    }

    /** {@code client}: null if the connection's own address is the client's. */
    void identified(InetSocketAddress client, byte[] rest) {
        over = true;
        owner.identified(client == null ? hop.remote() : client, rest);
    }

    /** Closes the connection. */
    void refuse(ProxyHeaderFailure why, Supplier<String> detail) {
        over = true;
        report(why, detail);
        owner.ended(SendFailure.CLOSED);
    }

    void report(ProxyHeaderFailure why, Supplier<String> detail) {
        report(lane, hop, why, detail);
    }

    /** Counts a failure of this connection, and logs it if a line is due. */
    static void report(LaneTcpContext lane, NextHop hop, ProxyHeaderFailure why, Supplier<String> detail) {
        lane.handshakes()
                .proxyHeaders()
                .failed(
                        why,
                        LaneInlet.monotonicMs(),
                        () -> "from " + hop.remote().getAddress().getHostAddress() + ", socket "
                                + hop.socket().name() + ": " + detail.get());
    }

    /** The first bytes have not arrived in time. */
    abstract void late();

    @Override
    public void begin() {}

    @Override
    public boolean isOpen() {
        return false;
    }

    @Override
    public boolean isBusy() {
        return false;
    }

    @Override
    public boolean hasOutput() {
        return false;
    }

    @Override
    public ByteString write(ByteString messages) {
        return ByteString.emptyByteString();
    }

    @Override
    public void close() {
        over = true;
    }

    @Override
    public SendFailure closed() {
        over = true;
        return SendFailure.CLOSED;
    }

    @Override
    public void checkTimeout(long nowMs) {
        if (!over && nowMs >= timeoutAtMs) {
            late();
        }
    }
}
