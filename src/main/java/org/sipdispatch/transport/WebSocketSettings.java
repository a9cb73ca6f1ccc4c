package org.sipdispatch.transport;

import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.sipdispatch.settings.Section;
import org.sipdispatch.settings.SettingException;

/**
 * The settings of WebSocket listeners, block {@code transport.websocket}.
 *
 * @param origins the pages whose clients are accepted, as browsers write them in lower case; empty for any client
 * @param handshakeTimeout how long the opening handshake may take
 * @param pingInterval the time without received data after which a client is pinged
 */
public record WebSocketSettings(Set<String> origins, Duration handshakeTimeout, Duration pingInterval) {
    private static final Pattern ORIGIN =
            Pattern.compile("[a-z][a-z0-9+.-]*://(\\[[0-9a-f:.]+]|[a-z0-9._-]+)(:\\d{1,5})?|null");

    static WebSocketSettings from(Section webSocket) {
        Set<String> origins = new HashSet<>();
        webSocket
                .textsByPath("origins")
                .forEach((path, origin) -> webSocket.check(() -> origins.add(origin(path, origin))));
        WebSocketSettings settings = new WebSocketSettings(
                Set.copyOf(origins),
                webSocket.duration("handshake-timeout", Duration.ofMillis(100), Duration.ofMinutes(5)),
                webSocket.duration("ping-interval", Duration.ofSeconds(1), Duration.ofHours(1)));
        webSocket.refuseUnknown();
        return settings;
    }

    private static String origin(String path, String written) {
        String origin = withoutStandardPort(written.toLowerCase(Locale.ROOT));
        if (!ORIGIN.matcher(origin).matches()) {
            throw new SettingException(path, written, "scheme and host, as in https://phone.example.com");
        }
        return origin;
    }

    /** Browsers never write the standard port. */
    private static String withoutStandardPort(String origin) {
        return origin.replaceFirst("^(https://.*):443$|^(http://.*):80$", "$1$2");
    }
}
