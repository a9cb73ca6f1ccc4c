package org.sipdispatch.replication;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sipdispatch.destination.DestinationJournal;
import org.sipdispatch.destination.Status;
import org.sipdispatch.destination.StatusVersion;

class JournalStatusesActorTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int DESTINATIONS = 60;
    private static final DestinationsSnapshot KNOWN = DestinationsSnapshot.of(
            1,
            IntStream.range(0, DESTINATIONS)
                    .mapToObj(i -> new DestinationsSnapshot.KnownDestination(
                            Samples.definition(1, "sip:10.0.0." + i), Samples.status(1, 0, false)))
                    .toList());

    /** The journal of a destination was opened. */
    private record Opened(String id, ActorRef<DestinationJournal.Reply> reader) {}

    private final ActorTestKit kit = ActorTestKit.create(ManualTime.config()
            .withFallback(ConfigFactory.parseString("akka.actor.provider = local"))
            .withFallback(ConfigFactory.load()));
    private final ManualTime time = ManualTime.get(kit.system());
    private final TestProbe<Opened> opened = kit.createTestProbe();
    private final TestProbe<String> closed = kit.createTestProbe();
    private final TestProbe<ReplicaListenerActor.Command> listener = kit.createTestProbe();
    private final TestProbe<Boolean> done = kit.createTestProbe();
    private final ActorRef<JournalStatusesActor.Command> actor = kit.spawn(
            JournalStatusesActor.create(new JournalStatusesActor.Setup(this::journal, () -> KNOWN, listener.getRef())));

    private Behavior<DestinationJournal.Command> journal(String id) {
        return Behaviors.receive(DestinationJournal.Command.class)
                .onMessage(DestinationJournal.Open.class, open -> {
                    opened.getRef().tell(new Opened(id, open.parent()));
                    return Behaviors.same();
                })
                .onSignal(PostStop.class, stopped -> {
                    closed.getRef().tell(id);
                    return Behaviors.same();
                })
                .build();
    }

    @AfterEach
    void close() {
        kit.shutdownTestKit();
    }

    private void read() {
        actor.tell(new JournalStatusesActor.ReadJournal(done.getRef()::tell));
    }

    /** The statuses that traffic is given. */
    private Map<String, Status> given() {
        ReplicaListenerActor.Transferred given =
                listener.expectMessageClass(ReplicaListenerActor.Transferred.class, LONG);
        given.done().run();
        return given.statuses();
    }

    private Map<String, Status> answer(List<Opened> journals, long term) {
        Map<String, Status> answers = new HashMap<>();
        journals.forEach(one -> {
            Status status = Samples.status(term, 0, true);
            answers.put(one.id(), status);
            one.reader().tell(new DestinationJournal.Ready(status, 1));
        });
        return answers;
    }

    @Test
    void trafficIsGivenTheStatusesOfAllDestinationsAndTheJournalsAreClosed() {
        read();
        Map<String, Status> answers = new HashMap<>();
        while (answers.size() < DESTINATIONS) {
            answers.putAll(answer(List.of(opened.receiveMessage(LONG)), 2));
        }

        assertThat(given()).isEqualTo(answers);
        assertThat(done.receiveMessage(LONG)).isTrue();
        assertThat(closed.receiveSeveralMessages(DESTINATIONS, LONG)).containsAll(answers.keySet());
    }

    @Test
    void onlySomeJournalsAreOpenAtOnce() {
        read();

        List<Opened> first = opened.receiveSeveralMessages(25, LONG);
        opened.expectNoMessage();
        answer(first.subList(0, 1), 2);

        opened.receiveMessage(LONG);
        opened.expectNoMessage();
    }

    @Test
    void afterTwoAndAHalfSecondsTrafficIsGivenWhatWasRead() {
        read();
        Map<String, Status> answers =
                answer(opened.receiveSeveralMessages(25, LONG).subList(0, 3), 2);
        opened.receiveSeveralMessages(3, LONG);
        listener.expectNoMessage();

        time.timePasses(Duration.ofMillis(2500));

        assertThat(given()).isEqualTo(answers);
        assertThat(done.receiveMessage(LONG)).isFalse();
        closed.receiveSeveralMessages(28, LONG);
    }

    @Test
    void aReadingThatEndsLeavesNoActors() {
        read();
        List<Opened> first = opened.receiveSeveralMessages(25, LONG);

        time.timePasses(Duration.ofMillis(2500));
        given();

        TestProbe<Object> watcher = kit.createTestProbe();
        first.forEach(one -> watcher.expectTerminated(one.reader(), LONG));
    }

    @Test
    void onlyARecoveredJournalCountsAsRead() {
        read();
        List<Opened> first = opened.receiveSeveralMessages(25, LONG);

        first.get(0).reader().tell(new DestinationJournal.Saved(new StatusVersion(9, 0, 1)));
        opened.expectNoMessage();
        Map<String, Status> answers = answer(first.subList(0, 1), 2);
        opened.receiveMessage(LONG);

        time.timePasses(Duration.ofMillis(2500));
        assertThat(given()).isEqualTo(answers);
    }

    @Test
    void aDestinationWithoutARecordHasNoStatus() {
        read();
        for (int i = 0; i < DESTINATIONS; i++) {
            opened.receiveMessage(LONG).reader().tell(new DestinationJournal.Ready(null, 0));
        }

        assertThat(given()).isEmpty();
        assertThat(done.receiveMessage(LONG)).isTrue();
    }

    @Test
    void aReadingThatBeginsEndsTheOneBefore() {
        read();
        List<Opened> first = opened.receiveSeveralMessages(25, LONG);
        read();

        assertThat(given()).isEmpty();
        assertThat(done.receiveMessage(LONG)).isFalse();
        answer(first, 2);
        Map<String, Status> answers = new HashMap<>();
        while (answers.size() < DESTINATIONS) {
            answers.putAll(answer(List.of(opened.receiveMessage(LONG)), 3));
        }
        assertThat(given()).isEqualTo(answers);
    }
}
