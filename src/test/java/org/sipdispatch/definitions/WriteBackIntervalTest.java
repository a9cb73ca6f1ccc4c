package org.sipdispatch.definitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sipdispatch.destination.FakeMembership;
import org.sipdispatch.replication.DestinationsSnapshot;
import org.sipdispatch.replication.Samples;

/** A state is in the table after a second of the clock. */
class WriteBackIntervalTest {
    private final ActorTestKit kit = ActorTestKit.create(ManualTime.config());
    private final ManualTime time = ManualTime.get(kit.system());

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void aStateIsWrittenWithinASecond() {
        FakeSource source = new FakeSource();
        FakeMembership membership = new FakeMembership();
        DestinationsSnapshot known = DestinationsSnapshot.of(
                1,
                List.of(new DestinationsSnapshot.KnownDestination(
                        Samples.definition(1, "sip:a"), Samples.status(1, 0, true))));
        kit.spawn(WriteBackActor.create(
                new WriteBackActor.Setup(source, () -> known, membership, Runnable::run, CatalogActor.WRITE_BACK)));
        assertThat(source.writes).isEmpty();

        time.timePasses(Duration.ofSeconds(1));

        await().until(() -> source.writes.size() == 1);
    }
}
