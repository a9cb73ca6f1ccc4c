package org.sipdispatch.destination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.settings.Section;
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.settings.StatusCodes;

class ProbeSettingsTest {
    @Test
    void theDefaultsAreThoseOfOpensipsWithPingsOff() {
        ProbeSettings settings = settings("");

        assertThat(settings)
                .usingRecursiveComparison()
                .isEqualTo(new ProbeSettings(
                        0,
                        0,
                        "OPTIONS",
                        "sip:dispatcher@localhost",
                        70,
                        null,
                        3000,
                        false,
                        ProbedSets.ALL,
                        new HealthThresholds(3, 1, StatusCodes.NONE, StatusCodes.NONE),
                        2,
                        1,
                        Map.of()));
    }

    @ParameterizedTest
    @CsvSource({"30, 30000", "\"30\", 30000", "30s, 30000", "500ms, 500", "0, 0", "0s, 0"})
    void anIntervalIsATimeOrANumberOfSeconds(String text, long ms) {
        assertThat(settings("ds_ping_interval = " + text).intervalMs()).isEqualTo(ms);
        assertThat(settings("ds_ping_interval = " + text).intervalDownMs()).isEqualTo(ms);
    }

    @Test
    void eitherSpellingOfTheThresholdCounts() {
        assertThat(settings("ds_probing_threshhold = 5").limits().threshold()).isEqualTo(5);
        assertThat(settings("ds_probing_threshold = 5").limits().threshold()).isEqualTo(5);
        assertThat(settings("ds_probing_threshold = 5, ds_probing_threshhold = 5")
                        .limits()
                        .threshold())
                .isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "ds_probing_threshold = 5, ds_probing_threshhold = 4; probing.ds_probing_threshold: 5 (expected: the same"
                        + " as ds_probing_threshhold, or only one)",
                "ds_ping_interval = -1; probing.ds_ping_interval: -1 (expected: seconds, or a time with its unit, from 0s"
                        + " to 86400s)",
                "ds_ping_interval = 1.5; probing.ds_ping_interval: 1.5 (expected: seconds, or a time with its unit, from"
                        + " 0s to 86400s)",
                "ds_ping_interval = 20ms; probing.ds_ping_interval: 20ms (expected: 0 or 100ms at least)",
                "ds_ping_method = INVITE; probing.ds_ping_method: INVITE (expected: a method such as OPTIONS, not INVITE,"
                        + " ACK or CANCEL)",
                "ds_ping_method = a b; probing.ds_ping_method: a b (expected: a method such as OPTIONS, not INVITE, ACK or"
                        + " CANCEL)",
                "ds_ping_from = bob; probing.ds_ping_from: bob (expected: a SIP URI)",
                "ds_ping_maxfwd = 256; probing.ds_ping_maxfwd: 256 (expected: a whole number from -1 to 255)",
                "ds_probing_mode = 2; probing.ds_probing_mode: 2 (expected: a whole number from 0 to 1)",
                "ds_probing_list = \"1,x\"; probing.ds_probing_list: 1,x (expected: numbers of sets such as 1,2 or"
                        + " partition:1)",
                "options_reply_codes = \"20x\"; probing.options_reply_codes: 20x (expected: status codes from 200 to 699"
                        + " and classes such as 404,5xx)",
                "success-threshold = 0; probing.success-threshold: 0 (expected: a whole number from 1 to 1000)",
                "second-opinion.agree = 0; probing.second-opinion.agree: 0 (expected: a whole number from 1 to 100)",
            })
    void aWrongSettingIsReportedWithItsPath(String text, String message) {
        assertThatThrownBy(() -> settings(text))
                .isInstanceOf(SettingException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource({"'', true", "'2,1', true", "'2', false", "'default:1', true", "'trunks:1', false"})
    void theListSaysWhichSetsArePinged(String list, boolean pinged) {
        ProbeSettings settings = settings("ds_ping_interval = 30, ds_probing_list = \"" + list + "\"");

        assertThat(plan(settings, "").pings(Status.initial(DestinationState.PROBING, 0)))
                .isEqualTo(pinged);
    }

    @ParameterizedTest
    @CsvSource({
        // mode, attrs, column, pinged when Active, Probing, Inactive
        "0, '', false, false, true, false",
        "1, '', false, true, true, false",
        "0, probe_mode=1, false, true, true, false",
        "0, probe_mode=0, false, false, true, false",
        "0, '', true, true, true, false",
    })
    void theModeSaysWhoIsPinged(
            int mode, String attrs, boolean column, boolean active, boolean probing, boolean inactive) {
        ProbeSettings settings = settings("ds_ping_interval = 30, ds_probing_mode = " + mode);
        Definition definition =
                new Definition(Samples.withAttrs(attrs), DestinationState.ACTIVE, column, 0, 1, 1, "", false);
        ProbePlan plan = settings.of(definition);

        assertThat(plan.pings(Status.initial(DestinationState.ACTIVE, 0))).isEqualTo(active);
        assertThat(plan.pings(Status.initial(DestinationState.PROBING, 0))).isEqualTo(probing);
        assertThat(plan.pings(Status.initial(DestinationState.INACTIVE, 0))).isEqualTo(inactive);
    }

    @Test
    void aBusyOneIsPingedInModeZeroToo() {
        ProbePlan plan = plan(settings("ds_ping_interval = 30, busy-reply-codes = \"503\""), "");

        Status busy = Status.initial(DestinationState.ACTIVE, 0).pinged(Samples.replied(503), plan.limits(), true, 1);

        assertThat(plan.pings(busy)).isTrue();
    }

    @Test
    void attrsOverrideWhatTheSettingsSay() {
        ProbePlan plan = plan(
                settings("ds_ping_interval = 30"),
                "weight=50; ds_ping_interval=10;ds_ping_method=INFO;ping_from=sip:k@a;ds_probing_threshhold=5;"
                        + "ping_timeout=1500ms;options_reply_codes=404,5xx;name=x=y");

        assertThat(plan.warnings()).isEmpty();
        assertThat(plan.intervalMs()).isEqualTo(10_000);
        assertThat(plan.intervalDownMs()).isEqualTo(10_000);
        assertThat(plan.limits())
                .isEqualTo(new HealthThresholds(5, 1, StatusCodes.parse("", "404,5xx", 2), StatusCodes.NONE));
        assertThat(plan.ping().method()).isEqualTo("INFO");
        assertThat(plan.ping().from()).isEqualTo("sip:k@a");
        assertThat(plan.ping().timeoutMs()).isEqualTo(1500);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "7, 7", "255, 255", "-1, 70"})
    void aPingIsAsConfigured(int maxForwards, int sent) {
        Ping ping = plan(
                        settings("ds_ping_interval = 30, ds_ping_method = INFO, ds_ping_from = \"sip:us@a\","
                                + " ds_probing_sock = main, ds_ping_maxfwd = " + maxForwards),
                        "")
                .ping();

        assertThat(ping).isEqualTo(new Ping(Samples.withAttrs(""), "INFO", "sip:us@a", sent, "main", 3_000));
    }

    @Test
    void aPartitionHasItsOwnPingsAndAttrsHavePrecedence() {
        ProbeSettings settings = settings("ds_ping_interval = 30, ds_probing_sock = main")
                .withPartitions(Map.of(
                        "default", new PartitionPingSettings("INFO", "sip:us@a", "udp:10.0.0.1:5080"),
                        "other", new PartitionPingSettings("NOTIFY", null, null)));

        Ping ping = plan(settings, "ds_ping_from=sip:gw@b").ping();

        assertThat(ping.method()).isEqualTo("INFO");
        assertThat(ping.from()).isEqualTo("sip:gw@b");
        assertThat(ping.socket()).isEqualTo("udp:10.0.0.1:5080");
    }

    @Test
    void aPartitionWithoutAKeyOfItsOwnIsPingedAsTheOthers() {
        ProbeSettings settings = settings("ds_ping_interval = 30, ds_probing_sock = main")
                .withPartitions(Map.of("default", new PartitionPingSettings(null, "sip:us@a", null)));

        Ping ping = plan(settings, "").ping();

        assertThat(ping.method()).isEqualTo("OPTIONS");
        assertThat(ping.from()).isEqualTo("sip:us@a");
        assertThat(ping.socket()).isEqualTo("main");
    }

    @Test
    void aBadOverrideIsReportedAndIgnored() {
        ProbePlan plan = plan(
                settings("ds_ping_interval = 30"),
                "ds_ping_interval=often;ds_probing_threshhold=0;ds_ping_from=bob;probe_mode=maybe");

        assertThat(plan.intervalMs()).isEqualTo(30_000);
        assertThat(plan.limits().threshold()).isEqualTo(3);
        assertThat(plan.warnings())
                .hasSize(4)
                .contains(
                        "attrs of default:1:sip:10.0.0.11:5060.ds_ping_interval: often (expected: seconds, or a time with"
                                + " its unit, from 0s to 86400s), ignored");
    }

    @Test
    void theIntervalWhileDownIsItsOwn() {
        ProbePlan plan = plan(settings("ds_ping_interval = 30, ping-interval-down = 5s"), "ds_ping_interval=10");

        assertThat(plan.intervalMs(Status.initial(DestinationState.ACTIVE, 0))).isEqualTo(10_000);
        assertThat(plan.intervalMs(Status.initial(DestinationState.PROBING, 0))).isEqualTo(5_000);
    }

    private static ProbePlan plan(ProbeSettings settings, String attrs) {
        Destination destination = Samples.withAttrs(attrs);
        return settings.of(new Definition(destination, DestinationState.ACTIVE, false, 0, 1, 1, "", false));
    }

    static ProbeSettings settings(String text) {
        return ProbeSettings.from(
                Section.root(ConfigFactory.load(ConfigFactory.parseString("sip-dispatcher.probing {" + text + "}"))
                                .getConfig("sip-dispatcher"))
                        .section("probing"));
    }
}
