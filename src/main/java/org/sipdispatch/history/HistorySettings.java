package org.sipdispatch.history;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sipdispatch.settings.Section;
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.sip.IpLiteral;

/**
 * The blocks {@code history} and {@code events}: retention and the receivers of events.
 *
 * @param keep how long an entry is kept
 * @param webhooks receivers over HTTP
 * @param udp receivers of datagrams
 * @param form the format of the datagrams
 */
public record HistorySettings(Duration keep, List<Webhook> webhooks, List<InetSocketAddress> udp, DatagramFormat form) {
    private static final Pattern ADDRESS = Pattern.compile("(?:\\[([^\\]]+)]|([^:\\[\\]]+)):(\\d{1,5})");

    public static HistorySettings from(Section history, Section events) {
        Duration keep = history.duration("keep", Duration.ofHours(1), Duration.ofDays(36_500));
        history.refuseUnknown();
        List<Webhook> webhooks = new ArrayList<>();
        for (String url : events.secrets("webhook")) {
            events.check(() -> {
                Webhook hook = Webhook.parse(events.path("webhook"), url);
                if (webhooks.stream().anyMatch(other -> other.offsetName().equals(hook.offsetName()))) {
                    events.refuse("webhook", hook, "each URL once");
                }
                webhooks.add(hook);
            });
        }
        List<InetSocketAddress> udp = events.texts("udp").stream()
                .map(text -> events.attempt(null, () -> address(events.path("udp"), text)))
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        DatagramFormat form = events.choice("udp-form", DatagramFormat.class);
        events.refuseUnknown();
        return new HistorySettings(keep, List.copyOf(webhooks), udp, form);
    }

    private static InetSocketAddress address(String key, String text) {
        Matcher matcher = ADDRESS.matcher(text.strip());
        if (matcher.matches()) {
            byte[] bytes = IpLiteral.parse(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
            int port = Integer.parseInt(matcher.group(3));
            if (bytes != null && port > 0 && port <= 65_535) {
                try {
                    return new InetSocketAddress(InetAddress.getByAddress(bytes), port);
                } catch (UnknownHostException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
        throw new SettingException(key, text, "an IP address with a port, such as 127.0.0.1:9060");
    }
}
