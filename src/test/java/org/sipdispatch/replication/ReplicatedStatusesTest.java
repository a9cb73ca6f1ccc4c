package org.sipdispatch.replication;

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
import org.sipdispatch.destination.FakeMembership;
import org.sipdispatch.destination.Status;
import org.sipdispatch.destination.StatusVersion;

class ReplicatedStatusesTest {
    private static final Status STATUS =
            Status.initial(DestinationState.PROBING, 5).inNextTerm(7);

    private final ActorTestKit kit = ActorTestKit.create(
            ConfigFactory.parseString("akka.actor.provider = local").withFallback(ConfigFactory.load()));
    private final TestProbe<Replicator.Command> replicator = kit.createTestProbe();
    private final ReplicatedStatuses statuses = new ReplicatedStatuses(
            kit.system(),
            replicator.getRef(),
            kit.spawn(StatusWriterActor.create(replicator.getRef(), new FakeMembership())),
            kit.spawn(StatusReaderActor.create(replicator.getRef())),
            LastKnownStatuses.none(),
            id -> null);
    private final AtomicBoolean known = new AtomicBoolean();

    @AfterEach
    void close() {
        kit.shutdownTestKit();
    }

    private Replicator.Update<Statuses> published() {
        statuses.publish("a", STATUS, () -> known.set(true));
        return update();
    }

    @SuppressWarnings("unchecked")
    private Replicator.Update<Statuses> update() {
        return replicator.expectMessageClass(Replicator.Update.class, Duration.ofSeconds(10));
    }

    /** The update succeeds; then this node's replica has the status. */
    private void succeed(Replicator.Update<Statuses> update, Status replica) {
        update.replyTo().tell(new Replicator.UpdateSuccess<>(update.key()));
        answerRead(replica);
    }

    @SuppressWarnings("unchecked")
    private void answerRead(Status replica) {
        Replicator.Get<Statuses> get = replicator.expectMessageClass(Replicator.Get.class, Duration.ofSeconds(10));
        assertThat(get.consistency()).isEqualTo(Replicator.readLocal());
        get.replyTo().tell(new Replicator.GetSuccess<>(get.key(), Statuses.EMPTY.with("a", replica)));
    }

    private static void fail(Replicator.Update<Statuses> update) {
        update.replyTo().tell(new Replicator.UpdateTimeout<>(update.key()));
    }

    private static Statuses after(Replicator.Update<Statuses> update) {
        return update.modify().apply(scala.Option.apply(Statuses.EMPTY));
    }

    @Test
    void aPublisherLearnsWhenAllNodesKnowIt() {
        Replicator.Update<Statuses> update = published();
        assertThat(update.writeConsistency()).isInstanceOf(Replicator.WriteAll.class);
        assertThat(after(update).get("a")).isEqualTo(STATUS);
        assertThat(known).isFalse();

        succeed(update, STATUS);

        Awaitility.await().untilTrue(known);
    }

    @Test
    void aPublisherLearnsWhenAMajorityKnowsItThoughOneNodeDoesNot() {
        fail(published());
        Replicator.Update<Statuses> toMost = update();
        assertThat(toMost.writeConsistency()).isInstanceOf(Replicator.WriteMajority.class);
        assertThat(after(toMost).get("a")).isEqualTo(STATUS);
        assertThat(known).isFalse();

        succeed(toMost, STATUS);

        Awaitility.await().untilTrue(known);
    }

    @Test
    void aPublisherGetsNoConfirmationWhereNoMajorityKnowsIt() {
        AtomicBoolean next = new AtomicBoolean();
        fail(published());

        fail(update());

        statuses.publish("a", STATUS, () -> next.set(true));
        succeed(update(), STATUS);
        Awaitility.await().untilTrue(next);
        assertThat(known).isFalse();
    }

    /** Another actor, whose node was paused, has begun the same term: the nodes keep its newer status. */
    @Test
    void aPublisherGetsNoConfirmationIfTheNodesKnowANewerStatusOfAnotherActor() {
        StatusVersion own = STATUS.version();
        AtomicBoolean merged = new AtomicBoolean();

        succeed(published(), STATUS.withVersion(new StatusVersion(own.term(), own.change() + 1, 9)));
        statuses.publish("a", STATUS, () -> merged.set(true));
        succeed(update(), STATUS.withVersion(own.nextChange()));

        Awaitility.await().untilTrue(merged);
        assertThat(known).isFalse();
    }

    @Test
    void whatNobodyWaitsForIsWrittenOnce() {
        statuses.publish("a", STATUS);
        fail(update());

        statuses.publish("a", STATUS, () -> known.set(true));

        assertThat(update().writeConsistency()).isInstanceOf(Replicator.WriteAll.class);
    }
}
