package org.sipdispatch.transport;

import java.time.Duration;
import org.sipdispatch.settings.Section;

/**
 * The limits of TLS handshakes, block {@code transport.tls}.
 *
 * @param handshakeTimeout how long a handshake may take
 * @param maxHandshakes the most open handshakes of a lane that clients have begun
 * @param maxHandshakesOfSource the most of them from one address
 * @param handshakesPerSecond the most handshakes that begin in a second on a lane
 * @param handshakesPerSecondOfSource the most of them from one address
 */
public record TlsLimitSettings(
        Duration handshakeTimeout,
        int maxHandshakes,
        int maxHandshakesOfSource,
        int handshakesPerSecond,
        int handshakesPerSecondOfSource) {
    private static final int MOST = 1_000_000;

    static TlsLimitSettings from(Section tls) {
        TlsLimitSettings settings = new TlsLimitSettings(
                tls.duration("handshake-timeout", Duration.ofMillis(100), Duration.ofMinutes(5)),
                tls.integer("max-handshakes", 1, MOST),
                tls.integer("max-handshakes-of-source", 1, MOST),
                tls.integer("handshakes-per-second", 1, MOST),
                tls.integer("handshakes-per-second-of-source", 1, MOST));
        tls.refuseUnknown();
        return settings;
    }
}
