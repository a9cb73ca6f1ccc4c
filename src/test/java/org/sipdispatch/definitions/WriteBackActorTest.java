package org.sipdispatch.definitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sipdispatch.catalog.StateWrite;
import org.sipdispatch.catalog.UnwrittenStates;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.destination.FakeMembership;
import org.sipdispatch.destination.MembershipCheck;
import org.sipdispatch.destination.Status;
import org.sipdispatch.replication.DestinationsSnapshot;
import org.sipdispatch.replication.Samples;

class WriteBackActorTest {
    private final ActorTestKit kit = ActorTestKit.create(
            ConfigFactory.parseString("akka.loglevel = WARNING").withFallback(ConfigFactory.load()));
    private final ExecutorService blocking = Executors.newCachedThreadPool();
    private final FakeSource source = new FakeSource();
    private final FakeMembership membership = new FakeMembership();
    private final TestProbe<Object> watcher = kit.createTestProbe();
    private final AtomicInteger looks = new AtomicInteger();
    private volatile DestinationsSnapshot known = known(1, false);

    @AfterEach
    void stop() {
        source.writing.release(10);
        blocking.shutdown();
        kit.shutdownTestKit();
    }

    private static DestinationsSnapshot known(long term, boolean probing) {
        return DestinationsSnapshot.of(
                1,
                List.of(new DestinationsSnapshot.KnownDestination(
                        Samples.definition(1, "sip:a"), Samples.status(term, 0, probing))));
    }

    private ActorRef<WriteBackActor.Command> start(Duration period) {
        return kit.spawn(
                WriteBackActor.create(new WriteBackActor.Setup(source, this::look, membership, blocking, period)));
    }

    private DestinationsSnapshot look() {
        looks.incrementAndGet();
        return known;
    }

    private Stream<DestinationState> written() {
        return source.writes.stream().map(states -> states.iterator().next().state());
    }

    @Test
    void noWriteBeginsBeforeTheOneBeforeHasEnded() {
        source.writing.drainPermits();
        start(Duration.ofMillis(1));
        await().until(() -> source.writes.size() == 1);

        known = known(2, true);
        // The pending write has not finished, so no further one was prepared.
        assertThat(looks).hasValue(1);
        assertThat(source.writes).hasSize(1);

        source.writing.release(10);
        await().until(() -> source.writes.size() == 2);
        assertThat(written()).containsExactly(DestinationState.ACTIVE, DestinationState.PROBING);
    }

    @Test
    void anActorThatThrowsWritesAgain() {
        AtomicInteger checks = new AtomicInteger();
        MembershipCheck faulty = new MembershipCheck() {
            @Override
            public boolean isCurrent() {
                if (checks.getAndIncrement() == 0) {
                    throw new IllegalStateException("the fault of a test");
                }
                return true;
            }

            @Override
            public long pauses() {
                return 0;
            }
        };

        kit.spawn(WriteBackActor.create(
                new WriteBackActor.Setup(source, this::look, faulty, blocking, Duration.ofMillis(50))));

        await().until(() -> source.writes.size() == 1);
    }

    @Test
    void whatIsNotWrittenYetIsWrittenAtTheEnd() {
        ActorRef<WriteBackActor.Command> actor = start(Duration.ofHours(1));

        actor.tell(WriteBackActor.Stop.INSTANCE);

        watcher.expectTerminated(actor, Duration.ofSeconds(10));
        assertThat(written()).containsExactly(DestinationState.ACTIVE);
    }

    @Test
    void whatChangedDuringTheLastWriteIsWrittenToo() {
        source.onWrite = () -> known = known(2, true);
        ActorRef<WriteBackActor.Command> actor = start(Duration.ofHours(1));

        actor.tell(WriteBackActor.Stop.INSTANCE);

        watcher.expectTerminated(actor, Duration.ofSeconds(10));
        assertThat(written()).containsExactly(DestinationState.ACTIVE, DestinationState.PROBING);
    }

    @Test
    void aTableThatIsAwayHoldsUpNobody() {
        source.away = true;
        ActorRef<WriteBackActor.Command> failing = start(Duration.ofHours(1));
        failing.tell(WriteBackActor.Stop.INSTANCE);
        watcher.expectTerminated(failing, Duration.ofSeconds(10));

        source.writing.drainPermits();
        ActorRef<WriteBackActor.Command> silent = start(Duration.ofHours(1));
        silent.tell(WriteBackActor.Stop.INSTANCE);
        watcher.expectTerminated(silent, Duration.ofSeconds(10));
    }

    @Test
    void temporaryOnesHaveNoRowToBeWrittenTo() {
        known = DestinationsSnapshot.of(
                1,
                List.of(
                        new DestinationsSnapshot.KnownDestination(
                                FakeSource.temporary("a", "sip:t", 1), Samples.status(1, 0, true)),
                        known.destinations().get(0)));

        start(Duration.ofMillis(1));

        await().until(() -> source.writes.size() == 1);
        assertThat(source.writes.get(0)).hasSize(1);
        assertThat(written()).containsExactly(DestinationState.ACTIVE);
    }

    @Test
    void whatOnlyTheFormerSessionKnewIsNotWritten() {
        DestinationsSnapshot.KnownDestination former = known.destinations().get(0);
        known = DestinationsSnapshot.of(
                1,
                List.of(
                        new DestinationsSnapshot.KnownDestination(
                                former.id(), former.definition(), Samples.status(1, 0, true), true, "", null, 1),
                        new DestinationsSnapshot.KnownDestination(
                                Samples.definition(1, "sip:b"), Samples.status(1, 0, false))));

        start(Duration.ofMillis(1));

        await().until(() -> source.writes.size() == 1);
        assertThat(source.writes.get(0))
                .extracting(write -> write.destination().uri())
                .containsExactly("sip:b");
    }

    @Test
    void aNodeThatMayNotDecideWritesNothingUntilItMay() {
        membership.current = false;
        start(Duration.ofMillis(1));
        await().until(() -> membership.asked.get() > 5);
        assertThat(looks).hasValue(0);
        assertThat(source.writes).isEmpty();

        membership.current = true;

        await().until(() -> source.writes.size() == 1);
        assertThat(written()).containsExactly(DestinationState.ACTIVE);
    }

    @Test
    void aNodeThatMayNotDecideWritesNothingAtItsEndEither() {
        membership.current = false;
        ActorRef<WriteBackActor.Command> actor = start(Duration.ofHours(1));

        actor.tell(WriteBackActor.Stop.INSTANCE);

        watcher.expectTerminated(actor, Duration.ofSeconds(10));
        assertThat(source.writes).isEmpty();
    }

    @Test
    void whatANodeHadNotWrittenWhenItStoodStillIsWrittenOnceItMay() {
        known = DestinationsSnapshot.of(
                1,
                IntStream.range(0, 50)
                        .mapToObj(i -> new DestinationsSnapshot.KnownDestination(
                                Samples.definition(1, "sip:" + i), Samples.status(1, 0, false)))
                        .toList());
        source.onWrite = () -> membership.current = false;
        start(Duration.ofMillis(1));
        await().until(() -> source.writes.size() == 1);
        long asked = membership.asked.get();
        await().until(() -> membership.asked.get() > asked + 5);
        assertThat(source.writes).hasSize(1);
        assertThat(source.writes.get(0)).hasSize(20);

        source.onWrite = () -> {};
        membership.current = true;

        await().until(() -> source.writes.size() == 4);
        assertThat(source.writes.stream().skip(1).flatMap(Collection::stream).distinct())
                .hasSize(50);
    }

    @Test
    void statesOfATransactionThatAPauseInterruptedAreWrittenAgain() {
        source.onWrite = () -> {
            source.onWrite = () -> {};
            membership.pauses.incrementAndGet();
        };

        start(Duration.ofMillis(1));

        await().until(() -> source.writes.size() == 2);
        assertThat(written()).containsExactly(DestinationState.ACTIVE, DestinationState.ACTIVE);
    }

    private TestProbe<UnwrittenStates> writeNow(ActorRef<WriteBackActor.Command> actor) {
        TestProbe<UnwrittenStates> asker = kit.createTestProbe();
        actor.tell(new WriteBackActor.WriteNow(Map.of(), asker.getRef()));
        return asker;
    }

    @Test
    void whoeverAsksForAWriteLearnsOfItsEnd() {
        ActorRef<WriteBackActor.Command> actor = start(Duration.ofHours(1));

        assertThat(writeNow(actor).receiveMessage().states()).isEmpty();
        assertThat(written()).containsExactly(DestinationState.ACTIVE);
        assertThat(writeNow(actor).receiveMessage().states()).isEmpty();
        assertThat(source.writes).hasSize(1);

        source.away = true;
        known = known(2, true);
        assertThat(writeNow(actor).receiveMessage().states())
                .extracting(StateWrite::state)
                .containsExactly(DestinationState.PROBING);
    }

    @Test
    void aWriteThatIsAskedForFollowsTheOneThatRuns() {
        source.writing.drainPermits();
        ActorRef<WriteBackActor.Command> actor = start(Duration.ofMillis(1));
        await().until(() -> source.writes.size() == 1);
        known = known(2, true);

        TestProbe<UnwrittenStates> asker = writeNow(actor);
        source.writing.release(10);

        assertThat(asker.receiveMessage().states()).isEmpty();
        assertThat(written()).containsExactly(DestinationState.ACTIVE, DestinationState.PROBING);
    }

    @Test
    void whatAMajorityKnowsReplacesAnOlderStatusOnly() {
        known = known(2, true);
        ActorRef<WriteBackActor.Command> actor = start(Duration.ofHours(1));
        TestProbe<UnwrittenStates> asker = kit.createTestProbe();

        for (Status status : List.of(Samples.status(1, 0, false), Samples.status(3, 0, false))) {
            actor.tell(new WriteBackActor.WriteNow(Map.of("default:1:sip:a", status), asker.getRef()));
            asker.receiveMessage();
        }

        assertThat(written()).containsExactly(DestinationState.PROBING, DestinationState.ACTIVE);
    }
}
