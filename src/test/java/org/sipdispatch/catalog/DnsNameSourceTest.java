package org.sipdispatch.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.settings.SettingException;

/** A DNS name as a set. */
class DnsNameSourceTest {
    private static final String NAME = "_sip._udp.example.test";

    private final Map<String, List<String>> records = new HashMap<>();
    private boolean fails;

    private Catalog catalog(String partition) {
        return Catalog.open(
                CatalogSamples.settings("default { " + partition + " }"), CatalogSamples.SOCKETS, this::records);
    }

    private List<String> records(String name) throws IOException {
        if (fails) {
            throw new IOException(name + " SRV: SERVFAIL");
        }
        return records.getOrDefault(name, List.of());
    }

    private CatalogSnapshot load(String url) {
        try (Catalog catalog = catalog("db_url = \"" + url + "\"")) {
            return catalog.load();
        }
    }

    /** Set, URI, weight and priority. */
    private static List<String> rows(CatalogSnapshot snapshot) {
        return snapshot.entries().stream()
                .map(entry -> entry.destination())
                .map(one -> one.set() + " " + one.uri() + " " + one.weight() + " " + one.priority())
                .toList();
    }

    @Test
    void theRecordsAreTheDestinations() {
        records.put(NAME, List.of("20 0 5060 b.example.test", "10 60 5070 a.example.test"));

        CatalogSnapshot snapshot = load("dns:3:" + NAME);

        assertThat(snapshot.warnings()).isEmpty();
        assertThat(rows(snapshot)).containsExactly("3 sip:a.example.test:5070 60 10", "3 sip:b.example.test:5060 0 20");
        assertThat(snapshot.entries()).allMatch(entry -> entry.initial().takesTraffic());
    }

    @ParameterizedTest
    @CsvSource({"_sip._tcp, ;transport=tcp", "_sips._tcp, ;transport=tls"})
    void theNameHasTheTransport(String service, String parameter) {
        records.put(service + ".example.test", List.of("10 60 5070 a.example.test"));

        assertThat(rows(load("dns:1:" + service + ".example.test")))
                .containsExactly("1 sip:a.example.test:5070" + parameter + " 60 10");
    }

    @Test
    void aNameWithoutRecordsHasNoDestinations() {
        assertThat(load("dns:1:" + NAME).entries()).isEmpty();
    }

    @Test
    void aNameServerThatFailsIsNamed() {
        fails = true;

        assertThatThrownBy(() -> load("dns:1:" + NAME))
                .isInstanceOf(SettingException.class)
                .hasMessage("partitions.default.db_url: dns:1:" + NAME + " (expected: a name server that answers: "
                        + NAME + " SRV: SERVFAIL)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"dns:", "dns:1", "dns:example.test", "dns:1:example.test", "dns:x:_sip._udp.a", "dns:1:_sip._udp"
            })
    void aMalformedUrlIsRefused(String url) {
        assertThatThrownBy(() -> load(url))
                .hasMessage("partitions.default.db_url: " + url + " (expected: " + DnsNameSource.EXPECTED + ")");
    }

    @Test
    void aWatchedNameHasTheSameFingerprintUntilItsRecordsChange() {
        records.put(NAME, List.of("20 0 5060 b.example.test", "10 60 5070 a.example.test"));
        try (Catalog catalog = catalog("db_url = \"dns:1:" + NAME + "\", watch = on")) {
            WatchedSource watched = catalog.watched().get(0);
            SourceContent before = watched.content().get();
            records.put(NAME, List.of("10 60 5070 a.example.test", "20 0 5060 b.example.test"));
            SourceContent reordered = watched.content().get();
            records.put(NAME, List.of("10 50 5070 a.example.test", "20 0 5060 b.example.test"));
            SourceContent changed = watched.content().get();

            assertThat(watched.place()).isEqualTo("dns:1:" + NAME);
            assertThat(watched.interval()).hasSeconds(1);
            assertThat(before.isWhole()).isTrue();
            assertThat(reordered.fingerprint()).isEqualTo(before.fingerprint());
            assertThat(changed.fingerprint()).isNotEqualTo(before.fingerprint());
            assertThat(rows(changed.rows().get())).contains("1 sip:a.example.test:5070 50 10");
            fails = true;
            assertThatThrownBy(() -> watched.content().get()).isInstanceOf(SettingException.class);
        }
    }
}
