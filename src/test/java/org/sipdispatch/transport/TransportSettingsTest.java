package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipdispatch.sets.IpVersionPreference;
import org.sipdispatch.settings.Section;
import org.sipdispatch.settings.SettingException;

class TransportSettingsTest {
    @Test
    void theDefaultsAreThoseOfTheReference() {
        assertThat(read(""))
                .isEqualTo(new TransportSettings(
                        1,
                        65_536,
                        10_000,
                        2_000,
                        Duration.ofMinutes(10),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(3),
                        1 << 20,
                        64 << 20,
                        4_096,
                        true,
                        IpVersionPreference.ANY,
                        Duration.ofSeconds(60),
                        Duration.ofDays(1),
                        new TlsLimitSettings(Duration.ofSeconds(10), 1_000, 100, 200, 50),
                        new ProxyProtocolSettings(Duration.ofSeconds(5), 4_096),
                        new WebSocketSettings(Set.of(), Duration.ofSeconds(10), Duration.ofSeconds(30))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lanes = 0 | transport.lanes: 0 (expected: a whole number from 1 to 63)",
                "lanes = 64 | transport.lanes: 64 (expected: a whole number from 1 to 63)",
                "websocket.ping-interval = 0s | transport.websocket.ping-interval: 0s (expected: a time with its unit from 1s to 3600s)",
                "websocket.origins = [\"phone.example.com\"] | transport.websocket.origins[0]: phone.example.com (expected: scheme and host, as in https://phone.example.com)",
                "websocket.origins = [\"https://a.example.com/\"] | transport.websocket.origins[0]: https://a.example.com/ (expected: scheme and host, as in https://phone.example.com)",
                "dns-ttl = 0s | transport.dns-ttl: 0s (expected: a time with its unit from 1s to 86400s)",
                "dns-max-stale = 8d | transport.dns-max-stale: 8d (expected: a time with its unit from 0s to 604800s)",
                "tcp.max-message-size = 1 | transport.tcp.max-message-size: 1 (expected: a size from 1024 to 16777216 bytes)",
                "tcp.max-unsent = 1k | transport.tcp.max-unsent: 1k (expected: a size from 65536 to 67108864 bytes)",
                "tcp.connect-timeout = 1ms | transport.tcp.connect-timeout: 1ms (expected: a time with its unit from 100ms to 60s)",
                "ip-versions = 5 | transport.ip-versions: 5 (expected: any, 4, 6, \"4,6\" or \"6,4\")",
                "icmp-unreachable = perhaps | transport.icmp-unreachable: perhaps (expected: on or off)",
                "tcp.backlog = 1 | transport.tcp.backlog: an unknown key (expected: one of the keys max-message-size, max-connections, max-outbound, idle-timeout, message-timeout, connect-timeout, max-unsent, max-buffered)",
                "threads = 1 | transport.threads: an unknown key (expected: one of the keys tcp, lanes, icmp-unreachable, ip-versions, dns-ttl, dns-max-stale, tls, proxy-protocol, websocket)",
                "proxy-protocol.max-header = 231 | transport.proxy-protocol.max-header: 231 (expected: a size from 232 to 65551 bytes)",
                "proxy-protocol.timeout = 1s | transport.proxy-protocol.timeout: an unknown key (expected: one of the keys header-timeout, max-header)",
            })
    void mistakesAreReportedInOneLine(String text, String message) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(SettingException.class)
                .hasMessage(message);
    }

    private static TransportSettings read(String text) {
        Config config = ConfigFactory.parseString(text)
                .withFallback(ConfigFactory.defaultReference().getConfig("sip-dispatcher.transport"));
        return TransportSettings.from(Section.root(config.atPath("transport")).section("transport"));
    }
}
