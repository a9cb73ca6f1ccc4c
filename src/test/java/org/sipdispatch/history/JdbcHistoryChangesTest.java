package org.sipdispatch.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sipdispatch.store.Store;
import org.sipdispatch.store.StoreSamples.Kind;

class JdbcHistoryChangesTest {
    @Test
    void theListenerLearnsOfChangedStatusesAndDefinitionsUntilItIsRemoved() {
        List<String> learned = new ArrayList<>();
        Runnable first = () -> learned.add("first");
        Runnable second = () -> learned.add("second");
        try (Store store = HistorySamples.store(Kind.H2);
                JdbcHistory history = JdbcHistory.open(store)) {
            history.destinationsChanged(1, true);
            history.setChangeListener(first);
            history.destinationsChanged(1, false);
            assertThat(learned).isEmpty();
            history.destinationsChanged(1, true);
            history.destinationsChanged(2, false);
            assertThat(learned).containsExactly("first", "first");

            history.setChangeListener(second);
            history.removeChangeListener(first);
            history.destinationsChanged(3, true);
            history.removeChangeListener(second);
            history.destinationsChanged(4, true);

            assertThat(learned).containsExactly("first", "first", "second");
        }
    }
}
