package org.sipdispatch.transport;

import java.time.Duration;
import org.sipdispatch.settings.Section;

/**
 * The limits of PROXY protocol headers, block {@code transport.proxy-protocol}.
 *
 * @param headerTimeout how long a header may take
 * @param maxHeader the longest header, in bytes
 */
public record ProxyProtocolSettings(Duration headerTimeout, int maxHeader) {
    /** The header with the longest addresses, those of Unix sockets. */
    private static final int LEAST_HEADER = 232;

    private static final int MOST_HEADER = 16 + 65_535;

    static ProxyProtocolSettings from(Section block) {
        ProxyProtocolSettings settings = new ProxyProtocolSettings(
                block.duration("header-timeout", Duration.ofMillis(100), Duration.ofMinutes(1)),
                block.bytes("max-header", LEAST_HEADER, MOST_HEADER));
        block.refuseUnknown();
        return settings;
    }
}
