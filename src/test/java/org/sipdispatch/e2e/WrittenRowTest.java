package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sipdispatch.database.EmbeddedPostgres;

/** A row that is written into its table, in a partition that cannot be read afterwards. */
class WrittenRowTest {
    private static final String ROW = "{\"partition\":\"both\",\"set\":1,\"uri\":\"sip:127.0.0.9:5060\"}";

    @Test
    void aRowThatIsInTheTableIsNotCalledRefused() throws IOException {
        String url = EmbeddedPostgres.jdbcUrl("written_row");
        ClusterNodes.table(url, "setid, destination", List.of("1, 'sip:127.0.0.8:5060'"));
        Path list = Files.createTempFile("written-row", ".list");
        try (ClusterNodes cluster = ClusterNodes.start(new ClusterNodes.Plan(1, url, """
                partitions.both.sources = [ { db_url = "%s" }, { db_url = "file:%s" } ]
                rules = [ { select { set = 1, alg = 4 } } ]
                """.formatted(url, list)))) {
            Files.delete(list);

            JsonNode outcome = cluster.send(0, "PUT", "/dispatcher/rows", ROW);

            assertThat(outcome.path("outcome").asText()).isEqualTo("unknown");
            assertThat(outcome.path("message").asText())
                    .startsWith("order: the table is changed, the definitions are not")
                    .contains(list.toString());
            assertThat(cluster.get(0, outcome.path("look").asText())
                            .path("outcome")
                            .asText())
                    .isEqualTo("unknown");
            assertThat(cluster.get(0, "/dispatcher/history?limit=20").toString())
                    .contains("order: the table is changed")
                    .doesNotContain("refused: order: the table is changed");

            Files.createFile(list);
            assertThat(cluster.post(0, "/dispatcher/reload", "{\"partition\":\"both\"}")
                            .path("changes")
                            .toString())
                    .isEqualTo("[\"+ both:1:sip:127.0.0.9:5060\"]");
        }
    }
}
