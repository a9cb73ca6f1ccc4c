package org.sipdispatch.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.destination.PartitionPingSettings;
import org.sipdispatch.freeswitch.FreeswitchSettings;
import org.sipdispatch.sets.Destination;

class RowCheckTest {
    private static final ColumnNames COLUMNS = ColumnNames.of(Column::standard);
    private static final SourceRow GOOD = row(
            "dispatcher id 1",
            Map.of(
                    Column.SETID, "1",
                    Column.DESTINATION, "sip:10.0.0.9",
                    Column.SOCKET, "main",
                    Column.STATE, "0",
                    Column.WEIGHT, "5",
                    Column.PRIORITY, "10",
                    Column.ATTRS, "a=b",
                    Column.DESCRIPTION, "the good one",
                    Column.PROBE_MODE, "0"));

    @Test
    void aCompleteRowBecomesADestination() {
        CatalogSnapshot snapshot = check(true, GOOD);

        assertThat(snapshot.warnings()).isEmpty();
        assertThat(snapshot.entries())
                .containsExactly(new Definition(
                        new Destination("default", 1, "sip:10.0.0.9", "main", 5, 10, "a=b", "the good one"),
                        DestinationState.ACTIVE,
                        false));
    }

    @Test
    void whatIsLeftOutHasItsDefault() {
        CatalogSnapshot snapshot = check(true, row("0", "sip:a.example", null, null, null, null));

        assertThat(snapshot.warnings()).isEmpty();
        assertThat(snapshot.entries())
                .containsExactly(new Definition(
                        new Destination("default", 0, "sip:a.example", null, 1, 0, "", ""),
                        DestinationState.ACTIVE,
                        false));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            sip:h.example;tansport=tls           | a=b                       | destination: tansport=tls (expected: transport instead of tansport, which is ignored)
            sip:u@h.example;x=y;Transprt=TCP?a=b |                           | destination: transprt=tcp (expected: transport instead of transprt, which is ignored)
            sip:h.example;transport=tls          | tls_nane=sbc.example.com  | attrs: tls_nane=sbc.example.com (expected: tls_name instead of tls_nane, which is ignored)
            sip:h.example;transport=tls          | a=b; TLS_domain = carrier | attrs: TLS_domain = carrier (expected: tls_domain instead of TLS_domain, which is ignored)
            sip:h.example                        | maxcall=5                 | attrs: maxcall=5 (expected: maxcalls instead of maxcall, which is ignored)
            sip:h.example                        | burst=x; maxcalls = 5x    | attrs: maxcalls=5x (expected: a whole number from 0 to 9999999; there is no such limit otherwise)
            sip:h.example                        | maxcps=5;burst=-1         | attrs: burst=-1 (expected: a whole number from 0 to 9999999; there is no such limit otherwise)
            """)
    void aMisspeltParameterOrAttributeIsAWarning(String uri, String attrs, String warning) {
        CatalogSnapshot snapshot = check(true, row(uri, attrs));

        assertThat(snapshot.entries()).hasSize(1);
        assertThat(snapshot.skipped()).isEmpty();
        assertThat(snapshot.warnings()).containsExactly("dispatcher id 7: " + warning);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            sip:h.example;TRANSPORT=tls;lr;user=phone | tls_name=a;tls_domain=b
            sip:u;tansport=x@h.example;maddr=1.2.3.4  | name=a;domain=b;tls_port=1;tls;=x
            sip:h.example                             | maxload=3;burst=x;maxcalls=7;max=2
            """)
    void otherParametersAndAttributesAreNone(String uri, String attrs) {
        assertThat(check(true, row(uri, attrs)).warnings()).isEmpty();
    }

    private static SourceRow row(String uri, String attrs) {
        Map<Column, String> texts = new EnumMap<>(Column.class);
        texts.put(Column.SETID, "1");
        texts.put(Column.DESTINATION, uri);
        texts.put(Column.ATTRS, attrs);
        return row("dispatcher id 7", texts);
    }

    @Test
    void aRowWithABadWeightIsSkippedAndTheRestLoads() {
        CatalogSnapshot snapshot = check(true, row("1", "sip:10.0.0.1", null, "0", "abc", "0"), GOOD);

        assertThat(snapshot.entries()).hasSize(1);
        assertThat(snapshot.warnings())
                .containsExactly("dispatcher id 7: weight: abc (expected: a whole number from 0 to 65535)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"5x", "-1", "65536", "99999999999999", "1.5"})
    void noWeightIsGuessed(String weight) {
        CatalogSnapshot snapshot = check(true, row("1", "sip:10.0.0.1", null, "0", weight, "0"));

        assertThat(snapshot.entries()).isEmpty();
        assertThat(snapshot.warnings())
                .containsExactly("dispatcher id 7: weight: " + weight + " (expected: a whole number from 0 to 65535)");
    }

    @Test
    void thePasswordInAWrongValueIsNotShown() {
        CatalogSnapshot snapshot = check(
                true,
                row("1", "sip:10.0.0.1", null, "0", "fs://x:hidden@z", "0"),
                row("1", "sip:bob:hidden@10.0.0.999", null, "0", "1", "0"));

        assertThat(snapshot.warnings())
                .containsExactly(
                        "dispatcher id 7: weight: fs://***@z (expected: a whole number from 0 to 65535; fs:// only with"
                                + " freeswitch.fetch_freeswitch_stats = on)",
                        "dispatcher id 7: destination: sip:bob:***@10.0.0.999 (expected: a host name or an IP address)");
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "65535, 65535", "'', 1", "007, 7"})
    void weightsAreWholeNumbersAndNothingIsOne(String text, int weight) {
        CatalogSnapshot snapshot = check(true, row("1", "sip:10.0.0.1", null, "0", text, "0"));

        assertThat(snapshot.entries().get(0).destination().weight()).isEqualTo(weight);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "NULL",
            value = {"NULL, nothing", "'', nothing", "-1, -1", "2147483648, 2147483648", "x, x"})
    void aRowWithoutAUsableSetIsSkipped(String set, String shown) {
        CatalogSnapshot snapshot = check(true, row(set, "sip:10.0.0.1", null, "0", "1", "0"));

        assertThat(snapshot.entries()).isEmpty();
        assertThat(snapshot.warnings())
                .containsExactly(
                        "dispatcher id 7: setid: " + shown + " (expected: a whole number from 0 to 2147483647)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "65536", "high"})
    void aRowWithABadPriorityIsSkipped(String priority) {
        CatalogSnapshot snapshot = check(true, row("1", "sip:10.0.0.1", null, "0", "1", priority));

        assertThat(snapshot.entries()).isEmpty();
        assertThat(snapshot.warnings())
                .containsExactly(
                        "dispatcher id 7: priority: " + priority + " (expected: a whole number from 0 to 65535)");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "NULL",
            delimiter = '|',
            value = {
                "NULL | nothing | a sip URI",
                "'' | nothing | a sip URI",
                "10.0.0.1 | 10.0.0.1 | a sip URI",
                "tel:+49301234 | tel:+49301234 | a sip URI",
                "sip: | sip: | a sip URI",
                "sip:a b | sip:a b | a sip URI",
                "sip:grün.example | sip:grün.example | a sip URI",
                "sip:a:70000 | sip:a:70000 | a sip URI",
                "sip:a:0 | sip:a:0 | a port from 1 to 65535",
                "sip:a;transport=ws | sip:a;transport=ws | transport udp, tcp or tls; WebSocket clients open their connections themselves (RFC 7118)",
                "sips:a;transport=ws | sips:a;transport=ws | transport udp, tcp or tls; WebSocket clients open their connections themselves (RFC 7118)",
                "sip:a;transport=sctp | sip:a;transport=sctp | transport udp, tcp or tls",
                "sips:a;transport=udp | sips:a;transport=udp | transport udp, tcp or tls",
                "sip:0.0.0.0 | sip:0.0.0.0 | a unicast address",
                "sip:224.0.0.1 | sip:224.0.0.1 | a unicast address",
                "sip:255.255.255.255 | sip:255.255.255.255 | a unicast address",
                "sip:[ff02::1] | sip:[ff02::1] | a unicast address",
                "sip:[::] | sip:[::] | a unicast address",
                "sip:300.1.1.1 | sip:300.1.1.1 | a host name or an IP address",
                "sip:[1:2] | sip:[1:2] | a host name or an IP address",
            })
    void aRowThatNobodyCanSendToIsSkipped(String uri, String shown, String expected) {
        CatalogSnapshot snapshot = check(true, row("1", uri, null, "0", "1", "0"));

        assertThat(snapshot.entries()).isEmpty();
        assertThat(snapshot.warnings())
                .containsExactly("dispatcher id 7: destination: " + shown + " (expected: " + expected + ")");
    }

    /** RFC 1035 section 2.3.4. */
    @ParameterizedTest
    @CsvSource({"63, true", "64, false"})
    void aLabelOfAHostNameHasAtMost63Characters(int length, boolean usable) {
        String uri = "sip:" + "a".repeat(length) + ".example.com";
        CatalogSnapshot snapshot = check(true, row("1", uri, null, "0", "1", "0"));

        assertThat(snapshot.entries()).hasSize(usable ? 1 : 0);
        assertThat(snapshot.skipped())
                .allSatisfy(line -> assertThat(line)
                        .endsWith("(expected: a host name whose labels have at most 63 characters each, RFC 1035)"))
                .hasSize(usable ? 0 : 1);
    }

    /** A dot at the end does not count. */
    @ParameterizedTest
    @CsvSource({"253, '', true", "253, ., true", "254, '', false", "254, ., false"})
    void aHostNameHasAtMost253Characters(int length, String end, boolean usable) {
        String name = "a.".repeat(length / 2 - 1) + "b".repeat(length % 2 + 2);
        assertThat(name).hasSize(length);
        CatalogSnapshot snapshot = check(true, row("1", "sip:" + name + end, null, "0", "1", "0"));

        assertThat(snapshot.entries()).hasSize(usable ? 1 : 0);
        assertThat(snapshot.skipped())
                .allSatisfy(line ->
                        assertThat(line).endsWith("(expected: a host name of at most 253 characters, RFC 1035)"))
                .hasSize(usable ? 0 : 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sip:10.0.0.1",
                "SIP:A.example:65535",
                "sip:u:p@host_1;transport=TCP?h=v",
                "sip:[2001:db8::1]:5060;transport=udp",
                "sip:127.0.0.1:1;lr"
            })
    void aUriThatCanBeSentToIsKeptAsItStands(String uri) {
        CatalogSnapshot snapshot = check(true, row("1", uri, null, "0", "1", "0"));

        assertThat(snapshot.warnings()).isEmpty();
        assertThat(snapshot.entries().get(0).destination().uri()).isEqualTo(uri);
    }

    @ParameterizedTest
    @CsvSource({"0, ACTIVE", "1, INACTIVE", "2, PROBING"})
    void theStateColumnIsRead(String text, DestinationState state) {
        assertThat(check(true, row("1", "sip:a", null, text, "1", "0"))
                        .entries()
                        .get(0)
                        .initial())
                .isEqualTo(state);
    }

    @ParameterizedTest
    @ValueSource(strings = {"3", "-1", "x", "10"})
    void anUnknownStateCountsAsActive(String state) {
        CatalogSnapshot snapshot = check(true, row("1", "sip:a", null, state, "1", "0"));

        assertThat(snapshot.entries().get(0).initial()).isEqualTo(DestinationState.ACTIVE);
        assertThat(snapshot.warnings())
                .containsExactly("dispatcher id 7: state: " + state + " (expected: 0, 1 or 2; taken as 0, active)");
    }

    @Test
    void withoutPersistentStateEverythingStartsActive() {
        CatalogSnapshot snapshot = check(false, row("1", "sip:a", null, "1", "1", "0"));

        assertThat(snapshot.entries().get(0).initial()).isEqualTo(DestinationState.ACTIVE);
    }

    @Test
    void anUnknownSocketIsIgnored() {
        CatalogSnapshot snapshot = check(true, row("1", "sip:a", "udp:10.9.9.9:5060", "0", "1", "0"));

        assertThat(snapshot.entries().get(0).destination().socket()).isNull();
        assertThat(snapshot.warnings())
                .containsExactly("dispatcher id 7: socket: udp:10.9.9.9:5060 (expected: one of our sockets; ignored)");
    }

    @Test
    void rowsThatShareSetUriAndSocketAreNumbered() {
        CatalogSnapshot snapshot = check(
                true,
                row("1", "sip:a", "main", "0", "1", "0"),
                row("1", "SIP:A", "main", "0", "1", "0"),
                row("1", "sip:a", null, "0", "1", "0"),
                row("2", "sip:a", "main", "0", "1", "0"));

        assertThat(snapshot.entries())
                .extracting(entry -> entry.destination().ordinal())
                .containsExactly(1, 2, 1, 1);
        assertThat(snapshot.warnings()).isEmpty();
    }

    @Test
    void aWarningIsOneLineWhateverTheValue() {
        CatalogSnapshot snapshot = check(true, row("1", "sip:a\r\nsip:b" + "x".repeat(500), null, "0", "1", "0"));

        assertThat(snapshot.warnings()).hasSize(1).allSatisfy(line -> {
            assertThat(line).doesNotContain("\n", "\r").hasSizeLessThan(300);
        });
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "NULL",
            value = {"NULL, false", "'', false", "0, false", "1, true"})
    void aProbeModeOfOneIsPermanentProbing(String text, boolean permanent) {
        CatalogSnapshot snapshot = check(true, probed(text));

        assertThat(snapshot.warnings()).isEmpty();
        assertThat(snapshot.entries().get(0).permanentProbing()).isEqualTo(permanent);
    }

    @Test
    void aProbeModeThatDoesNotExistWarnsAndCountsAsNone() {
        CatalogSnapshot snapshot = check(true, probed("2"));

        assertThat(snapshot.warnings())
                .containsExactly("dispatcher id 7: probe_mode: 2 (expected: 0 or 1; taken as 0)");
        assertThat(snapshot.entries().get(0).permanentProbing()).isFalse();
    }

    private static SourceRow probed(String probeMode) {
        SourceRow row = row("1", "sip:10.0.0.1", null, "0", "1", "0");
        row.texts().put(Column.PROBE_MODE, probeMode);
        return row;
    }

    private static SourceRow row(String set, String uri, String socket, String state, String weight, String priority) {
        SourceRow row = row("dispatcher id 7", Map.of());
        row.texts().put(Column.SETID, set);
        row.texts().put(Column.DESTINATION, uri);
        row.texts().put(Column.SOCKET, socket);
        row.texts().put(Column.STATE, state);
        row.texts().put(Column.WEIGHT, weight);
        row.texts().put(Column.PRIORITY, priority);
        return row;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            pstn=x;transc=10    | attrs: pstn=x (expected: a whole number from 0 to 9999999; otherwise the destination gets no calls that need it)
            transc=0; pstn = 1k | attrs: pstn=1k (expected: a whole number from 0 to 9999999; otherwise the destination gets no calls that need it)
            latency=20ms        | attrs: latency=20ms (expected: a whole number from 0 to 9999999; otherwise it is ignored)
            fax=x;maxcals=3     | attrs: maxcals=3 (expected: maxcalls instead of maxcals, which is ignored)
            minasrs=3;transc=9  |
            """)
    void aCapacityOrFigureThatIsNoNumberIsAWarning(String attrs, String warning) {
        PartitionSettings partition = partition(true).withResources(Set.of("pstn", "transc", "minasrs"));

        assertThat(check(partition, COLUMNS, row("sip:h.example", attrs)).warnings())
                .isEqualTo(warning == null ? List.of() : List.of("dispatcher id 7: " + warning));
    }

    private static SourceRow row(String place, Map<Column, String> texts) {
        Map<Column, String> all = new EnumMap<>(Column.class);
        all.putAll(texts);
        return new SourceRow(place, all);
    }

    private static CatalogSnapshot check(boolean persistentState, SourceRow... rows) {
        return check(partition(persistentState), COLUMNS, rows);
    }

    private static PartitionSettings partition(boolean persistentState) {
        return new PartitionSettings(
                "default", key -> key, persistentState, false, PartitionPingSettings.NONE, null, null);
    }

    private static CatalogSnapshot check(PartitionSettings partition, ColumnNames columns, SourceRow... rows) {
        return new RowCheck(partition, columns, CatalogSamples.SOCKETS, new Warnings())
                .check(Stream.of(rows).toList());
    }

    private static CatalogSnapshot checkWithFreeswitch(ColumnNames columns, SourceRow... rows) {
        FreeswitchSettings on = new FreeswitchSettings(true, 100, Duration.ofMinutes(1), Duration.ofMinutes(1));
        return check(partition(true).with(on), columns, rows);
    }

    @Test
    void anEventSocketGivesTheLargestWeightAtFirstAndLimitsTheOthersOfItsSet() {
        CatalogSnapshot snapshot = checkWithFreeswitch(
                COLUMNS,
                row("1", "sip:10.0.0.1", null, "0", "500", "0"),
                row("1", "sip:10.0.0.2", null, "0", "fs://:hidden@fs1.example.com", "0"),
                row("1", "sip:10.0.0.3", null, "0", "7", "0"),
                row("2", "sip:10.0.0.4", null, "0", "500", "0"));

        assertThat(snapshot.entries())
                .extracting(one -> one.destination().weight())
                .containsExactly(100, 100, 7, 500);
        assertThat(snapshot.entries().get(1).eventSocket()).hasToString("fs://fs1.example.com:8021");
        assertThat(snapshot.warnings())
                .containsExactly(
                        "dispatcher id 7: weight: 500 (expected: at most max_freeswitch_weight in a set with an"
                                + " fs:// weight; taken as 100)");
        assertThat(snapshot.skipped()).isEmpty();
        assertThat(snapshot.toString()).doesNotContain("hidden");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"fs://hidden@z", "fs://:hidden@", "fs://:hidden@z:99999", "fs://:hid den@z", "fs:///:hidden@z"})
    void aMalformedEventSocketSkipsTheRowWithoutItsPassword(String weight) {
        CatalogSnapshot snapshot = checkWithFreeswitch(COLUMNS, row("1", "sip:10.0.0.1", null, "0", weight, "0"));

        assertThat(snapshot.entries()).isEmpty();
        assertThat(snapshot.skipped())
                .singleElement()
                .asString()
                .endsWith("(expected: a whole number from 0 to 65535, or fs://[user]:password@host[:8021])")
                .doesNotContain("hid");
    }

    @Test
    void aListFileHasNoEventSocketBecauseItsAttrsAreShown() {
        CatalogSnapshot snapshot =
                checkWithFreeswitch(ColumnNames.LIST_FILE, row("1", "sip:10.0.0.1", null, "0", "fs://:hidden@z", "0"));

        assertThat(snapshot.skipped())
                .singleElement()
                .asString()
                .endsWith("(expected: a whole number from 0 to 65535; fs:// only in a table, with"
                        + " freeswitch.fetch_freeswitch_stats = on)");
        assertThat(check(
                                partition(true),
                                ColumnNames.LIST_FILE,
                                row("1", "sip:10.0.0.1", null, "0", "fs://:hidden@z", "0"))
                        .skipped())
                .isEqualTo(snapshot.skipped());
    }

    @Test
    void aReloadShowsAnotherEventSocketWithoutItsPassword() {
        SourceRow fixed = row("1", "sip:10.0.0.1", null, "0", "5", "0");
        SourceRow dynamic = row("1", "sip:10.0.0.1", null, "0", "fs://:hidden@z", "0");

        CatalogDiff diff = CatalogDiff.between(
                checkWithFreeswitch(COLUMNS, fixed).entries(),
                checkWithFreeswitch(COLUMNS, dynamic).entries());

        assertThat(diff.lines()).containsExactly("~ default:1:sip:10.0.0.1 weight: 5 -> fs://z:8021");
    }

    @Test
    void aDestinationThatIsWrittenDownNowhereIsCheckedLikeARow() {
        assertThat(RowCheck.complaints(
                        new Destination("a", 1, "sip:10.0.0.1", "main", 5, 1, "", ""), CatalogSamples.SOCKETS))
                .isEmpty();
        assertThat(RowCheck.complaints(
                        new Destination("a", -1, "foo", "none", 65536, -1, "", ""), CatalogSamples.SOCKETS))
                .containsExactly(
                        "set: -1 (expected: a whole number from 0 to 2147483647)",
                        "destination: foo (expected: a sip URI)",
                        "weight: 65536 (expected: a whole number from 0 to 65535)",
                        "priority: -1 (expected: a whole number from 0 to 65535)",
                        "socket: none (expected: one of our sockets)");
    }
}
