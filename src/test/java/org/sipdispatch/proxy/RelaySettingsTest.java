package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipdispatch.settings.Section;
import org.sipdispatch.settings.SettingException;

class RelaySettingsTest {
    @Test
    void theDefaultsAreThoseOfTheRfc() {
        RelaySettings settings = settings("");

        assertThat(settings.t1Ms()).isEqualTo(500);
        assertThat(settings.t2Ms()).isEqualTo(4000);
        assertThat(settings.timers().transactionMs()).isEqualTo(32_000);
        assertThat(settings.preloadedRoute()).isEqualTo(RelaySettings.PreloadedRoute.DENY);
        assertThat(settings.unknownDialog()).isEqualTo(RelaySettings.UnknownDialog.ROUTE);
        assertThat(settings.inDialogTargets()).isEmpty();
    }

    @Test
    void withoutASecretEachStartHasItsOwn() {
        assertThat(settings("secret = \"\"").secret())
                .hasSizeGreaterThanOrEqualTo(32)
                .isNotEqualTo(settings("secret = \"\"").secret());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "secret = short; relay.secret: of 5 characters (expected: 8 characters or more)",
                "t1 = 1ms; relay.t1: 1ms (expected: a time with its unit from 20ms to 10s)",
                "t2 = 2 hours; relay.t2: 2 hours (expected: a time with its unit from 20ms to 60s)",
                "preloaded-route = maybe; relay.preloaded-route: maybe (expected: one of deny, dispatch, follow)",
                "unknown-dialog = maybe; relay.unknown-dialog: maybe (expected: one of route, refuse, dispatch)",
                "in-dialog-targets = [10.0.0.0/8, here]; relay.in-dialog-targets[1]: here (expected: an address block such as"
                        + " 10.1.0.0/16 or 2001:db8::/32)",
                "max-branches = 0; relay.max-branches: 0 (expected: a whole number from 1 to 100)",
                "max-transactions = 5; relay.max-transactions: 5 (expected: a whole number from 100 to 10000000)",
                "stateless-memory = 1; relay.stateless-memory: 1 (expected: a whole number from 1024 to 16777216)",
                "carried-memory = 1; relay.carried-memory: 1 (expected: a whole number from 1024 to 16777216)",
                "suspect-own-path = maybe; relay.suspect-own-path: maybe (expected: on or off)",
                "dialog-memory = 1; relay.dialog-memory: 1 (expected: a whole number from 1024 to 16777216)"
            })
    void aWrongSettingIsReportedWithItsPath(String text, String message) {
        assertThatThrownBy(() -> settings(text))
                .isInstanceOf(SettingException.class)
                .hasMessage(message);
    }

    private static RelaySettings settings(String text) {
        return RelaySettings.from(
                Section.root(ConfigFactory.load(ConfigFactory.parseString("sip-dispatcher.relay {" + text + "}"))
                                .getConfig("sip-dispatcher"))
                        .section("relay"));
    }
}
