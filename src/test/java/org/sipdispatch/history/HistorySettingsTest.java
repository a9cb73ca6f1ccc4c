package org.sipdispatch.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipdispatch.settings.Section;
import org.sipdispatch.settings.SettingException;

class HistorySettingsTest {
    /** The defaults with the given overrides. */
    static HistorySettings settings(String history, String events) {
        Config config = ConfigFactory.parseString("history {" + history + "}\nevents {" + events + "}")
                .withFallback(ConfigFactory.defaultReference().getConfig("sip-dispatcher"));
        Section root = Section.root(config);
        return HistorySettings.from(root.section("history"), root.section("events"));
    }

    @Test
    void withoutAnySettingNothingIsSentAndHistoryIsKeptForThreeMonths() {
        HistorySettings settings = settings("", "");

        assertThat(settings.keep()).isEqualTo(Duration.ofDays(90));
        assertThat(settings.webhooks()).isEmpty();
        assertThat(settings.udp()).isEmpty();
        assertThat(settings.form()).isEqualTo(DatagramFormat.DATAGRAM);
    }

    @Test
    void userPathAndQueryOfAUrlAreShownToNobody() {
        List<Webhook> hooks = settings(
                        "", "webhook = [\"https://us%20er:pa@h.example:8443/x?key=s3cret\", \"http://[::1]/y\"]")
                .webhooks();

        assertThat(hooks.get(0).target()).hasToString("https://h.example:8443/x?key=s3cret");
        assertThat(hooks.get(0).authorization()).isEqualTo("Basic dXMgZXI6cGE=");
        assertThat(hooks.get(0)).hasToString("https://h.example:8443");
        assertThat(hooks.get(0).offsetName()).matches("webhook [0-9a-f]{64}");
        assertThat(hooks.get(1).authorization()).isNull();
        assertThat(hooks.get(1).offsetName()).isEqualTo("webhook http://[::1]/y");
    }

    @Test
    void datagramsGoToAddressesOfBothKinds() {
        assertThat(settings("", "udp = [\"127.0.0.1:9060\", \"[::1]:9\"], udp-form = jsonrpc")
                        .udp())
                .extracting(address -> address.getAddress().getHostAddress() + " " + address.getPort())
                .containsExactly("127.0.0.1 9060", "0:0:0:0:0:0:0:1 9");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "webhook = \"ftp://h/x\" | events.webhook: ftp://h/*** (expected: a URL http",
                "webhook = [\"http:///x\"] | events.webhook: http:///*** (expected: a URL http",
                "webhook = \"http://a:s3cret@h h/?key=s3cret\" | events.webhook: http://***@h h/*** (expected: a URL http",
                "webhook = [\"http://h/x\", \"http://u:p@h/x\"] | events.webhook: http://h (expected: each URL once)",
                "webhook = \"https://h:x/s3cret#s3cret\" | events.webhook: https://h:x/*** (expected: a URL http",
                "webhook = \"https://h#s3cret\" | events.webhook: https://h/*** (expected: a URL http",
                "webhook = \"u:s3cret@h/s3cret\" | events.webhook: u:***@h/*** (expected: a URL http",
                "udp = \"localhost:9060\" | events.udp: localhost:9060 (expected: an IP address with a port",
                "udp = \"127.0.0.1\" | events.udp: 127.0.0.1 (expected: an IP address with a port",
                "udp = \"127.0.0.1:0\" | events.udp: 127.0.0.1:0 (expected: an IP address with a port",
                "udp = \"::1:9060\" | events.udp: ::1:9060 (expected: an IP address with a port",
                "udp = \"127.0.0.1:70000\" | events.udp: 127.0.0.1:70000 (expected: an IP address with a port",
                "udp-form = xml | events.udp-form: xml (expected: one of datagram, jsonrpc)",
                "udp-port = 1 | events.udp-port: an unknown key (expected: one of the keys webhook, udp, udp-form; did you mean udp-form?)",
            })
    void whatCannotBeUsedIsRefused(String events, String message) {
        assertThatThrownBy(() -> settings("", events))
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith(message);
    }

    @ParameterizedTest
    @CsvSource({"keep = 1s", "keep = 90", "keep = never"})
    void historyIsKeptForAnHourAtLeast(String keep) {
        assertThatThrownBy(() -> settings(keep, ""))
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith("history.keep: ")
                .hasMessageContaining("a time with its unit from 3600s to ");
    }
}
