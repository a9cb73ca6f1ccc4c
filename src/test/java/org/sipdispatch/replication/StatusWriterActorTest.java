package org.sipdispatch.replication;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.cluster.ddata.typed.javadsl.Replicator;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sipdispatch.destination.FakeMembership;
import org.sipdispatch.destination.Status;

class StatusWriterActorTest {
    private static final List<String> IDS = IntStream.range(0, 1000)
            .mapToObj(i -> "id" + i)
            .filter(id -> ReplicatedStatuses.part(id).equals(ReplicatedStatuses.part("a")))
            .limit(3)
            .toList();
    private static final Status TAKEN_UP = Samples.status(2, 0, false);
    private static final Status CHANGED = Samples.status(2, 1, true);

    private final ActorTestKit kit = ActorTestKit.create(ManualTime.config()
            .withFallback(ConfigFactory.parseString("akka.actor.provider = local"))
            .withFallback(ConfigFactory.load()));
    private final ManualTime time = ManualTime.get(kit.system());
    private final TestProbe<Replicator.Command> replicator = kit.createTestProbe();
    private final FakeMembership membership = new FakeMembership();
    private final ActorRef<StatusWriterActor.Command> writer =
            kit.spawn(StatusWriterActor.create(replicator.getRef(), membership));

    @AfterEach
    void close() {
        kit.shutdownTestKit();
    }

    private void write(int number, Status status) {
        writer.tell(new StatusWriterActor.WriteStatus(IDS.get(number), status, () -> {}));
    }

    @SuppressWarnings("unchecked")
    private Statuses written() {
        Replicator.Update<Statuses> update =
                replicator.expectMessageClass(Replicator.Update.class, Duration.ofSeconds(10));
        return update.modify().apply(scala.Option.apply(Statuses.EMPTY));
    }

    @Test
    void destinationsThatAreTakenUpOneAfterTheOtherGoTogether() {
        write(0, TAKEN_UP);
        write(1, TAKEN_UP);
        replicator.expectNoMessage();
        time.timePasses(Duration.ofMillis(200));
        write(2, TAKEN_UP);
        time.timePasses(Duration.ofMillis(100));

        assertThat(written().byId()).containsOnlyKeys(IDS);
        replicator.expectNoMessage();
    }

    @Test
    void whatBecomesOfADestinationDoesNotWaitForThem() {
        write(0, TAKEN_UP);
        write(1, CHANGED);

        assertThat(written().byId()).containsOnlyKeys(IDS.get(0), IDS.get(1));
    }

    @Test
    void aNodeThatMayNotDecideWritesNothingBeforeItMayAgain() {
        write(0, TAKEN_UP);
        membership.current = false;
        time.timePasses(Duration.ofMillis(250));
        write(1, CHANGED);
        time.timePasses(Duration.ofSeconds(3));
        replicator.expectNoMessage();

        membership.current = true;
        time.timePasses(Duration.ofMillis(50));

        assertThat(written().byId()).containsOnlyKeys(IDS.get(0), IDS.get(1));
    }
}
