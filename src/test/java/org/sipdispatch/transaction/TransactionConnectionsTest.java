package org.sipdispatch.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TransactionConnectionsTest {
    private static List<Long> numbers(TransactionConnections all) {
        List<Long> numbers = new ArrayList<>();
        for (TransactionConnections each = all; !each.isNone(); each = each.older()) {
            numbers.add(each.number());
        }
        return numbers;
    }

    @Test
    void theNewestConnectionIsTheFirst() {
        assertThat(numbers(TransactionConnections.of(1).with(2))).containsExactly(2L, 1L);
    }

    @Test
    void aConnectionThatIsUsedAgainBecomesTheNewest() {
        assertThat(numbers(TransactionConnections.of(1).with(2).with(3).with(1)))
                .containsExactly(1L, 3L, 2L);
    }

    @Test
    void onlyThreeAreKept() {
        assertThat(numbers(TransactionConnections.of(1).with(2).with(3).with(4).with(5)))
                .containsExactly(5L, 4L, 3L);
    }

    @Test
    void aMessageOverUdpHasNone() {
        assertThat(numbers(TransactionConnections.of(Flow.NO_CONNECTION))).isEmpty();
        assertThat(numbers(TransactionConnections.NONE.then(TransactionConnections.of(4))))
                .containsExactly(4L);
    }
}
