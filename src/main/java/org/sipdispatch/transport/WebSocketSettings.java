package org.sipdispatch.transport;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.sipdispatch.settings.Section;

/**
 * The settings of WebSocket listeners, block {@code transport.websocket}.
 *
 * @param origins the pages whose clients are accepted, as browsers write them in lower case; empty for any client
 * @param handshakeTimeout how long the opening handshake may take
 * @param pingInterval after which time without received data a client is pinged
 */
public record WebSocketSettings(Set<String> origins, Duration handshakeTimeout, Duration pingInterval) {
    private static final Pattern ORIGIN =
            Pattern.compile("[a-z][a-z0-9+.-]*://(\\[[0-9a-f:.]+]|[a-z0-9._-]+)(:\\d{1,5})?|null");

    static WebSocketSettings from(Section webSocket) {
        List<String> origins = webSocket.texts("origins").stream()
                .map(origin -> withoutStandardPort(origin.toLowerCase(Locale.ROOT)))
                .toList();
        origins.stream()
                .filter(origin -> !ORIGIN.matcher(origin).matches())
                .forEach(origin ->
                        webSocket.refuse("origins", origin, "scheme and host, as in https://phone.example.com"));
        WebSocketSettings settings = new WebSocketSettings(
                origins.stream().collect(Collectors.toUnmodifiableSet()),
                webSocket.duration("handshake-timeout", Duration.ofMillis(100), Duration.ofMinutes(5)),
                webSocket.duration("ping-interval", Duration.ofSeconds(1), Duration.ofHours(1)));
        webSocket.refuseUnknown();
        return settings;
    }

    /** Browsers never write it. */
    private static String withoutStandardPort(String origin) {
        return origin.replaceFirst("^(https://.*):443$|^(http://.*):80$", "$1$2");
    }
}
