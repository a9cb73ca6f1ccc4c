package org.sipdispatch.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.cluster.ddata.typed.javadsl.Replicator;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.destination.Status;

class ReplicatedBoardTest {
    private static final Status STATUS =
            Status.initial(DestinationState.PROBING, 5).takenUp(7);

    private final ActorTestKit kit = ActorTestKit.create(
            ConfigFactory.parseString("akka.actor.provider = local").withFallback(ConfigFactory.load()));
    private final TestProbe<Replicator.Command> replicator = kit.createTestProbe();
    private final ReplicatedBoard board = new ReplicatedBoard(
            kit.system(),
            replicator.getRef(),
            kit.spawn(StatusWriter.create(replicator.getRef())),
            kit.spawn(StatusReader.create(replicator.getRef())),
            LastKnown.none());
    private final AtomicBoolean told = new AtomicBoolean();

    @AfterEach
    void close() {
        kit.shutdownTestKit();
    }

    @SuppressWarnings("unchecked")
    private Replicator.Update<Statuses> published() {
        board.publish("a", STATUS, () -> told.set(true));
        return replicator.expectMessageClass(Replicator.Update.class, Duration.ofSeconds(10));
    }

    @Test
    void whoeverPublishesIsToldWhenAllNodesKnowIt() {
        Replicator.Update<Statuses> update = published();
        assertThat(update.modify().apply(scala.Option.apply(Statuses.EMPTY)).get("a"))
                .isEqualTo(STATUS);
        assertThat(told).isFalse();

        update.replyTo().tell(new Replicator.UpdateSuccess<>(update.key()));

        Awaitility.await().untilTrue(told);
    }

    @Test
    void whoeverPublishesIsToldThoughOneNodeCouldNotBe() {
        Replicator.Update<Statuses> update = published();
        assertThat(told).isFalse();

        update.replyTo().tell(new Replicator.UpdateTimeout<>(update.key()));

        Awaitility.await().untilTrue(told);
    }
}
