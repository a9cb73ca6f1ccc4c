package org.sipdispatch.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.sipdispatch.operations.OperationException;

class EventClientsTest {
    private final AtomicLong nanos = new AtomicLong();
    private final EventClients clients = new EventClients(nanos::get);

    private boolean isTaken() {
        try {
            clients.take();
            return true;
        } catch (OperationException full) {
            return false;
        }
    }

    @Test
    void aBurstDoesNotExceedTheBound() {
        long taken = IntStream.range(0, 5000).parallel().filter(i -> isTaken()).count();

        assertThat(taken).isEqualTo(EventClients.MOST);
    }

    @Test
    void aSlotThatIsReleasedCanBeTakenAgain() {
        EventClients.ClientSlot first = clients.take();
        IntStream.range(1, EventClients.MOST).forEach(i -> clients.take());
        assertThat(isTaken()).isFalse();

        first.release();
        first.release();

        assertThat(isTaken()).isTrue();
        assertThat(isTaken()).isFalse();
    }

    @Test
    void aResponseThatIsNeverSentDoesNotKeepItsSlot() {
        EventClients.ClientSlot streaming = clients.take();
        streaming.start();
        EventClients.ClientSlot late = clients.take();
        IntStream.range(2, EventClients.MOST).forEach(i -> clients.take().start());
        assertThat(isTaken()).isFalse();

        nanos.addAndGet(EventClients.LONGEST_START.toNanos() + 1);

        assertThat(isTaken()).isTrue();
        assertThat(isTaken()).isFalse();
        assertThatThrownBy(late::start).isInstanceOf(OperationException.class);
        streaming.release();
        late.start();
        assertThat(isTaken()).isFalse();
    }
}
