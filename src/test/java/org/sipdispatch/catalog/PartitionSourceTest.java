package org.sipdispatch.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.sipdispatch.destination.PartitionPingSettings;

/** A new kind of source takes one class. */
class PartitionSourceTest {
    /** A source that keeps its destinations in memory. */
    private static final class Announced implements SourceSettings, PartitionSource {
        private final List<String> uris = new ArrayList<>();
        private PartitionSettings partition;

        @Override
        public PartitionSource open(PartitionSettings opened, KnownSockets sockets, ConnectionPools pools) {
            partition = opened;
            return this;
        }

        @Override
        public CatalogSnapshot load() {
            return new RowCheck(partition, ColumnNames.TEMPORARY, socket -> true, new Warnings())
                    .check(uris.stream().map(Announced::row).toList());
        }

        private static SourceRow row(String uri) {
            return new SourceRow("announced", new EnumMap<>(Map.of(Column.SETID, "1", Column.DESTINATION, uri)));
        }
    }

    @Test
    void itIsReadAsAnyOther() {
        Announced source = new Announced();
        source.uris.add("sip:10.0.0.1");
        CatalogSettings settings = new CatalogSettings(List.of(
                new PartitionSettings("gateways", key -> key, true, false, PartitionPingSettings.NONE, null, source)));
        try (Catalog catalog = Catalog.open(settings, CatalogSamples.SOCKETS)) {
            assertThat(ids(catalog)).containsExactly("gateways:1:sip:10.0.0.1");

            source.uris.add("foo");
            source.uris.add("sip:10.0.0.2");

            assertThat(ids(catalog)).containsExactly("gateways:1:sip:10.0.0.1", "gateways:1:sip:10.0.0.2");
            assertThat(catalog.load().skipped()).containsExactly("announced: destination: foo (expected: a sip URI)");
            assertThat(catalog.writeStates(List.of(), () -> true).states().isEmpty())
                    .isTrue();
        }
    }

    private static List<String> ids(Catalog catalog) {
        return catalog.load("gateways").entries().stream()
                .map(entry -> entry.destination().id())
                .toList();
    }
}
