package org.sipdispatch.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.sipdispatch.history.HistorySamples.order;
import static org.sipdispatch.history.HistorySamples.read;

import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sipdispatch.destination.StatusVersion;
import org.sipdispatch.store.Store;
import org.sipdispatch.store.StoreSamples.Kind;

class ListTest {
    private static final long SEED = 20_261_102;
    private static final int ENTRIES = 200;

    @ParameterizedTest
    @EnumSource
    void pageByPageEachEntryComesOnceInTheOrderOfTimeAndVersion(Kind kind) throws Exception {
        try (Store store = HistorySamples.store(kind);
                JdbcHistory history = JdbcHistory.open(store)) {
            List<PendingEntry> lines = lines(new Random(SEED));
            write(store, history, lines);

            List<Long> sorted = sorted(lines);
            for (int size : new int[] {1, 7, 100}) {
                assertThat(pages(history, size)).isEqualTo(sorted);
            }

            // A late entry is sorted in before or after the current page.
            List<Long> first = ids(history, 0, 10);
            write(store, history, List.of(line(StatusVersion.NONE, 0), line(StatusVersion.NONE, 1000)));
            assertThat(ids(history, first.get(9), 1000))
                    .startsWith(sorted.get(10))
                    .endsWith(ENTRIES + 1L)
                    .doesNotContain(ENTRIES + 2L)
                    .hasSize(ENTRIES - 9);
            assertThat(ids(history, 0, 1)).containsExactly(ENTRIES + 2L);
        }
    }

    /** Few different times and versions, so that many are equal. */
    private static List<PendingEntry> lines(Random random) {
        List<PendingEntry> lines = new ArrayList<>();
        for (int i = 0; i < ENTRIES; i++) {
            StatusVersion version = new StatusVersion(random.nextInt(3), random.nextInt(3), random.nextInt(3) - 1);
            lines.add(line(version, 1 + random.nextInt(20)));
        }
        return lines;
    }

    private static PendingEntry line(StatusVersion version, long sortMs) {
        return new PendingEntry(order("alice"), "test", 1, version, sortMs);
    }

    private static void write(Store store, JdbcHistory history, List<PendingEntry> lines) throws Exception {
        try (Connection connection = store.connect()) {
            history.sequence().write(connection, held -> lines);
        }
    }

    private static List<Long> sorted(List<PendingEntry> lines) {
        Map<Long, PendingEntry> byId = new HashMap<>();
        lines.forEach(line -> byId.put(byId.size() + 1L, line));
        Comparator<Map.Entry<Long, PendingEntry>> oldestFirst = Comparator.<Map.Entry<Long, PendingEntry>>comparingLong(
                        one -> one.getValue().sortMs())
                .thenComparing(one -> one.getValue().version())
                .thenComparingLong(Map.Entry::getKey);
        return byId.entrySet().stream()
                .sorted(oldestFirst.reversed())
                .map(Map.Entry::getKey)
                .toList();
    }

    private static List<Long> pages(History history, int size) {
        List<Long> seen = new ArrayList<>();
        List<Long> page = ids(history, 0, size);
        while (!page.isEmpty()) {
            seen.addAll(page);
            page = ids(history, page.get(page.size() - 1), size);
        }
        return seen;
    }

    private static List<Long> ids(History history, long before, int size) {
        return read(history, new HistoryQuery(null, null, null, 0, 0, 0, before, size)).stream()
                .map(HistoryEntry::id)
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void nodesAreWrittenDownAsTheyCome(Kind kind) throws Exception {
        Map<Long, String> members = new ConcurrentHashMap<>(Map.of(1L, "10.0.0.1:2552"));
        try (Store store = HistorySamples.store(kind);
                JdbcHistory history = JdbcHistory.open(store);
                Connection connection = store.connect()) {
            history.storeNodeAddresses(() -> members);
            NodeAddresses addresses = new NodeAddresses(number -> "");
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> addresses.of(connection, 1).equals("10.0.0.1:2552"));

            members.put(-2L, "10.0.0.2:2552");
            members.remove(1L);

            await().atMost(Duration.ofSeconds(20))
                    .until(() -> addresses.of(connection, -2).equals("10.0.0.2:2552"));
            assertThat(new NodeAddresses(number -> "").of(connection, 1)).isEqualTo("10.0.0.1:2552");
        }
    }
}
