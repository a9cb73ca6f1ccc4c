package org.sipdispatch.destination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.Behaviors;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sipdispatch.settings.LogReminder;

class JournalHeadsActorTest {
    private static final int REQUESTS = 2 * JournalHeadsActor.MOST;

    private final AtomicInteger failures = new AtomicInteger();
    private final CountDownLatch mayAnswer = new CountDownLatch(1);
    private final List<List<String>> queries = new CopyOnWriteArrayList<>();
    private final Map<String, String> found = new ConcurrentHashMap<>();
    private final DestinationJournal.JournalSetup shared = new DestinationJournal.JournalSetup(
            50,
            2,
            Duration.ofMillis(10),
            Duration.ofMillis(20),
            new LogReminder(),
            new AtomicBoolean(),
            new JournalOutage(() -> 0),
            () -> 0,
            String::valueOf);
    private final ActorTestKit kit = ActorTestKit.create();
    private final ActorRef<JournalHeadsActor.Command> heads =
            kit.spawn(JournalHeadsActor.create(this::read, shared, ForkJoinPool.commonPool()::execute));

    @AfterEach
    void close() {
        kit.shutdownTestKit();
    }

    private Map<String, DestinationJournal.JournalState> read(List<String> persistenceIds) throws Exception {
        queries.add(persistenceIds);
        assertThat(mayAnswer.await(20, TimeUnit.SECONDS)).isTrue();
        if (failures.getAndDecrement() > 0) {
            throw new IOException("no database");
        }
        Map<String, DestinationJournal.JournalState> kept = new HashMap<>();
        for (String id : persistenceIds) {
            kept.put(id, new DestinationJournal.JournalState(id.endsWith(":d7") ? Samples.status(id) : null));
        }
        kept.remove("destination|unreadable");
        return kept;
    }

    private void find(String id) {
        heads.tell(new JournalHeadsActor.Find(id, kit.spawn(Behaviors.receiveMessage(reply -> {
            Status newest = ((DestinationJournal.Found) reply).newest();
            found.put(id, newest == null ? "" : newest.why());
            return Behaviors.same();
        }))));
    }

    @Test
    void requestsThatWaitShareAQuery() {
        for (int i = 0; i < REQUESTS; i++) {
            find("default:1:sip:d" + i);
        }
        mayAnswer.countDown();

        await().until(() -> found.size() == REQUESTS);
        assertThat(found).containsEntry("default:1:sip:d7", "destination|default:1:sip:d7");
        assertThat(found).containsEntry("default:1:sip:d8", "");
        // The first query may have begun with the first requests.
        assertThat(queries).hasSizeLessThanOrEqualTo(3);
        assertThat(shared.down().isFailing()).isFalse();
    }

    @Test
    void aDatabaseThatIsAwayIsAskedAgain() {
        failures.set(3);
        mayAnswer.countDown();

        find("default:1:sip:d7");

        await().until(() -> found.size() == 1);
        assertThat(queries).hasSize(4);
        assertThat(shared.down().isFailing()).isFalse();
    }

    /** An operation that began before the database was back may fail a moment later. */
    @Test
    void anOutageOfAJournalEndsWhenAJournalWorksNotWhenManyAreRead() {
        shared.failed(kit.system().log(), new IOException("no database"));
        mayAnswer.countDown();

        find("default:1:sip:d7");

        await().until(() -> found.size() == 1);
        assertThat(shared.down().isFailing()).isTrue();
        shared.works(kit.system().log());
        assertThat(shared.down().isFailing()).isFalse();
    }

    @Test
    void aRecordThatCannotBeReadKeepsNoOtherDestinationWaiting() {
        mayAnswer.countDown();

        find("unreadable");
        find("default:1:sip:d7");

        await().until(() -> queries.stream()
                        .flatMap(List::stream)
                        .filter("destination|unreadable"::equals)
                        .count()
                > 1);
        assertThat(found).containsOnlyKeys("default:1:sip:d7");
    }
}
