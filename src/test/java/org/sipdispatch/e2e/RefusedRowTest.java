package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sipdispatch.database.EmbeddedPostgres;

/** A row of a partition whose other source cannot be read. */
class RefusedRowTest {
    private static final String ROW = "{\"partition\":\"both\",\"set\":1,\"uri\":\"sip:127.0.0.9:5060\"}";

    @Test
    void isRefusedAndNotWritten() throws IOException {
        String url = EmbeddedPostgres.jdbcUrl("refused_row");
        ClusterNodes.table(url, "setid, destination", List.of("1, 'sip:127.0.0.8:5060'"));
        Path list = Files.createTempFile("refused-row", ".list");
        try (ClusterNodes cluster = ClusterNodes.start(new ClusterNodes.Plan(1, url, """
                partitions.both.sources = [ { db_url = "%s" }, { db_url = "file:%s" } ]
                rules = [ { select { set = 1, alg = 4 } } ]
                """.formatted(url, list)))) {
            Files.delete(list);

            JsonNode refusal = cluster.send(0, "PUT", "/dispatcher/rows", ROW);

            assertThat(refusal.path("error").asText()).contains(list.toString());
            assertThat(cluster.get(0, "/dispatcher/history?limit=20").toString())
                    .contains("refused: ");

            Files.createFile(list);
            assertThat(cluster.post(0, "/dispatcher/reload", "{\"partition\":\"both\"}")
                            .path("changes")
                            .toString())
                    .isEqualTo("[]");
        }
    }
}
