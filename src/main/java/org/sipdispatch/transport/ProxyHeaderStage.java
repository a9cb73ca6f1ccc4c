package org.sipdispatch.transport;

import java.net.InetSocketAddress;
import java.util.Arrays;
import org.sipdispatch.observation.ProxyHeaderFailure;
import org.sipdispatch.transaction.NextHop;
import org.sipdispatch.transaction.SendFailure;

/** Requires a PROXY protocol header: the first stage of a connection from a proxy. */
final class ProxyHeaderStage extends ClientDetectionStage {
    private final ProxyProtocolHeader header;

    ProxyHeaderStage(LaneTcpContext lane, NextHop hop, DetectionListener owner) {
        super(lane, hop, owner);
        header = new ProxyProtocolHeader(lane.settings().proxyProtocol().maxHeader());
    }

    @Override
    public void received(byte[] bytes) {
        boolean wasComplete = isComplete();
        boolean isFirst = !header.hasBegun();
        int next = header.add(bytes, 0, bytes.length);
        if (header.failure() != null) {
            refuse(header.failure(), () -> header.error() + (isFirst ? hint(bytes) : ""));
        } else if (isComplete()) {
            boolean isClient = namesClient();
            if (!wasComplete) {
                lane().handshakes().proxyHeaders().accepted(isClient);
            }
            byte[] rest = Arrays.copyOfRange(bytes, next, bytes.length);
            // After a header of its own a proxy mostly closes: a check. The next stage would report an unfinished
            // handshake.
            if (isClient || rest.length > 0) {
                identified(header.source(), rest);
            }
        }
    }

    /** A hint what to change if the proxy sends no header at all; empty if it sends one. */
    private String hint(byte[] first) {
        String kind = FirstBytesHint.kind(first);
        return kind.isEmpty()
                ? ""
                : "; this is " + kind + " without a header: have the proxy send one (HAProxy: send-proxy-v2), or remove"
                        + " its address from sockets." + hop().socket().name() + ".proxy_protocol.from";
    }

    /** HAProxy gives its own address in checks with version 1. */
    private boolean namesClient() {
        InetSocketAddress source = header.source();
        return source != null && !source.getAddress().equals(hop().remote().getAddress());
    }

    private boolean isComplete() {
        return header.progress() == ProxyProtocolHeader.Progress.COMPLETE;
    }

    @Override
    void late() {
        if (isComplete()) {
            identified(header.source(), NOTHING);
        } else {
            refuse(ProxyHeaderFailure.TIMEOUT, () -> "no complete header in time");
        }
    }

    /** A check may also close the connection before it sends anything. */
    @Override
    public SendFailure closed() {
        if (!isOver() && header.hasBegun() && !isComplete()) {
            report(ProxyHeaderFailure.CLOSED, () -> "the connection was closed within the header");
        }
        return super.closed();
    }

    @Override
    public int held() {
        return header.held();
    }
}
