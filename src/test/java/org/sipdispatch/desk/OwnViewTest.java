package org.sipdispatch.desk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.destination.Status;
import org.sipdispatch.replication.Known;
import org.sipdispatch.sets.Destination;

/** Whether what was ordered is seen here. */
@Timeout(60)
class OwnViewTest {
    private static final Destination A = new Destination("p", 1, "sip:a", null, 1, 0, "", "");
    private static final Definition DEFINED = new Definition(A, DestinationState.ACTIVE, false, 0, 1, 1);
    private static final Status BEFORE = Status.initial(DestinationState.ACTIVE, 1);
    private static final Status HELD = BEFORE.set(DestinationState.INACTIVE, "ann", "", 2);

    private static Known knows(Status status) {
        return new Known(1, List.of(new Known.OfDestination(DEFINED, status)));
    }

    private static boolean shows(Supplier<CompletionStage<Known>> view) {
        return new OwnView(view).shows(A.id(), HELD).toCompletableFuture().join();
    }

    private static CompletionStage<Known> now(Status status) {
        return CompletableFuture.completedFuture(knows(status));
    }

    @Test
    void itIsWaitedFor() {
        AtomicInteger looks = new AtomicInteger();

        assertThat(shows(() -> now(looks.incrementAndGet() < 3 ? BEFORE : HELD)))
                .isTrue();
        assertThat(looks).hasValue(3);
    }

    @Test
    void butNotForEver() {
        assertThat(shows(() -> now(BEFORE))).isFalse();
    }

    @Test
    void aViewThatDoesNotAnswerUndoesNothing() {
        assertThat(shows(() -> CompletableFuture.failedFuture(new TimeoutException("late"))))
                .isFalse();
        assertThat(shows(CompletableFuture::new)).isFalse();
        assertThat(shows(() -> {
                    throw new IllegalStateException("ended");
                }))
                .isFalse();
    }
}
