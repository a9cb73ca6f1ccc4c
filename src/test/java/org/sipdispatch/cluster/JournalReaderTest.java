package org.sipdispatch.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sipdispatch.replication.JournalStatusesActor;

class JournalReaderTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final ActorTestKit kit = ActorTestKit.create(
            ConfigFactory.parseString("akka.actor.provider = local").withFallback(ConfigFactory.load()));
    private final TestProbe<JournalStatusesActor.Command> actor = kit.createTestProbe();

    @AfterEach
    void close() {
        kit.shutdownTestKit();
    }

    private static CompletableFuture<Boolean> read(JournalReader reader) {
        return reader.read().toCompletableFuture();
    }

    @Test
    void theJournalIsReadWhileTheDatabaseMayAnswer() {
        CompletableFuture<Boolean> read = read(new JournalReader(actor.getRef(), () -> false));

        actor.expectMessageClass(JournalStatusesActor.ReadJournal.class, LONG)
                .done()
                .accept(true);

        assertThat(read).succeedsWithin(LONG).isEqualTo(true);
    }

    /** A node that can reach neither the others nor the database takes calls without delay. */
    @Test
    void aDatabaseThatIsKnownNotToAnswerIsNotAsked() {
        assertThat(read(new JournalReader(actor.getRef(), () -> true))).isCompletedWithValue(false);

        actor.expectNoMessage();
    }

    @Test
    void withoutAJournalThereIsNothingToRead() {
        assertThat(read(new JournalReader(null, () -> false))).isCompletedWithValue(false);
    }

    @Test
    void aSessionThatEndsMeanwhileDoesNotKeepTheCallsWaiting() {
        CompletableFuture<Boolean> read = read(new JournalReader(actor.getRef(), () -> false));

        assertThat(read).succeedsWithin(LONG).isEqualTo(false);
    }
}
