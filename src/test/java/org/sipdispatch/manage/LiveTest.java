package org.sipdispatch.manage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.sipdispatch.desk.ListDestinations;

class LiveTest {
    private static final Place ANYWHERE = new Place(null, null);

    @Test
    void aLookThatFailsIsNotTheLast() {
        AtomicInteger looks = new AtomicInteger();
        Live live = new Live(() -> CompletableFuture.completedFuture(
                new ListDestinations.Page(looks.incrementAndGet(), 0, looks.get() == 1 ? null : List.of())));

        live.begin(new Watch(ANYWHERE, () -> {}));

        Awaitility.await().until(() -> live.seen().revision() == 2);
    }

    @Test
    void oneWhoFailsDoesNotKeepItFromTheOthers() {
        Live live = new Live(() -> CompletableFuture.completedFuture(new ListDestinations.Page(7, 0, List.of())));
        AtomicInteger told = new AtomicInteger();
        live.begin(new Watch(ANYWHERE, () -> {
            throw new IllegalStateException("of this test");
        }));
        live.begin(new Watch(ANYWHERE, told::incrementAndGet));

        Awaitility.await().until(() -> told.get() > 0);
        assertThat(live.seen().revision()).isEqualTo(7);
    }
}
