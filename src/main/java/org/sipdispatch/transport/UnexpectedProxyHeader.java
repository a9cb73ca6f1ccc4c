package org.sipdispatch.transport;

import org.sipdispatch.observation.ProxyHeaderFailure;
import org.sipdispatch.transaction.NextHop;

/**
 * A PROXY protocol header on a socket without {@code proxy_protocol}: the proxy and the socket disagree. Everything
 * after it would fail, with errors that do not show why.
 */
final class UnexpectedProxyHeader {
    private UnexpectedProxyHeader() {}

    /**
     * Whether a connection has to be closed because of its first bytes; this is counted and logged.
     *
     * @param first the bytes that arrived first: proxies send the header at once
     */
    static boolean isRefused(LaneTcpContext lane, NextHop hop, byte[] first) {
        if (hop.socket().isBehindProxies() || !ProxyProtocolHeader.isHeader(first)) {
            return false;
        }
        ClientDetectionStage.report(
                lane,
                hop,
                ProxyHeaderFailure.UNEXPECTED,
                () -> "a header (expected: none, or the address in sockets."
                        + hop.socket().name() + ".proxy_protocol.from)");
        return true;
    }
}
