package org.sipdispatch.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Prints figures of a node with many destinations. {@code -Ddestinations=20000 -Dsets=1} sets their number. */
class ScaleTest {
    @Test
    @Tag("long")
    void manyDestinationsStartAndChange() throws IOException, InterruptedException {
        try (ScaleRun run = new ScaleRun(Integer.getInteger("destinations", 20_000), Integer.getInteger("sets", 1))) {
            List<ScaleRun.Took> figures = run.measure();

            assertThat(figures)
                    .filteredOn(took -> took.what().contains("unchanged reload"))
                    .allSatisfy(took -> assertThat(took.more()).contains("\"revision\" : 1,"));
        }
    }
}
