package org.sipdispatch.transport;

import java.util.Arrays;
import org.sipdispatch.observation.ProxyHeaderFailure;
import org.sipdispatch.transaction.NextHop;

/**
 * Refuses a PROXY protocol header: the first stage of a connection to a socket behind proxies from an address that is
 * not a proxy's. Otherwise any sender could name any address.
 */
final class NoProxyHeaderStage extends ClientDetectionStage {
    private byte[] first = NOTHING;

    NoProxyHeaderStage(LaneTcpContext lane, NextHop hop, DetectionListener owner) {
        super(lane, hop, owner);
    }

    @Override
    public void received(byte[] bytes) {
        int before = first.length;
        first = before == 0 ? bytes : Arrays.copyOf(first, before + bytes.length);
        if (before > 0) {
            System.arraycopy(bytes, 0, first, before, bytes.length);
        }
        if (ProxyProtocolHeader.isBegun(first)) {
            refuse(
                    ProxyHeaderFailure.UNLISTED,
                    () -> "a header (expected: none, or the address in proxy_protocol.from)");
        } else if (!ProxyProtocolHeader.mayBegin(first)) {
            identified(null, first);
        }
    }

    @Override
    void late() {
        identified(null, first);
    }

    @Override
    public int held() {
        return first.length;
    }
}
