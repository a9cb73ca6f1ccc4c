package org.sipdispatch.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.sipdispatch.membership.ClusterSettings;
import org.sipdispatch.membership.ManualMembership;
import org.sipdispatch.membership.NodeCertificate;
import org.sipdispatch.replication.TrafficViewUpdater;
import org.sipdispatch.sets.SetView;

/** The node is one of three. */
class PauseWaitTest {
    private static final Duration CHECK = Duration.ofMillis(250);

    private final ManualMembership membership = new ManualMembership();
    private final Deque<Runnable> scheduled = new ArrayDeque<>();
    private final Confirmations traffic = new Confirmations();
    private final Deque<CompletableFuture<Boolean>> reads = new ArrayDeque<>();
    private boolean journalIsSilent = true;
    private final PauseWait wait = wait(List.of("10.0.0.1:25520", "10.0.0.2:25520", "10.0.0.3:25520"));

    private static final class Confirmations implements TrafficViewUpdater {
        private long pauses;

        @Override
        public void confirmed(long count) {
            pauses = count;
        }

        @Override
        public void replace(Collection<SetView> views) {
            throw new AssertionError("the wait changes no view");
        }

        @Override
        public void update(SetView view) {
            throw new AssertionError("the wait changes no view");
        }

        @Override
        public void learnSockets(Map<String, String> nameByLiteral) {
            throw new AssertionError("the wait learns no sockets");
        }

        @Override
        public void carryCalls(boolean others) {
            throw new AssertionError("the wait carries no calls");
        }

        @Override
        public void carry(byte[] calls) {
            throw new AssertionError("the wait carries no calls");
        }
    }

    private PauseWait wait(List<String> seedNodes) {
        ClusterSettings settings = new ClusterSettings(
                "test",
                "10.0.0.1",
                25520,
                "",
                seedNodes,
                false,
                NodeCertificate.NONE,
                false,
                Duration.ofMillis(500),
                Duration.ofSeconds(2),
                Duration.ofSeconds(1),
                Duration.ofSeconds(30));
        return new PauseWait(
                settings,
                traffic,
                membership.detector(),
                (delay, task) -> scheduled.add(task),
                membership::lease,
                this::readJournal);
    }

    private CompletionStage<Boolean> readJournal() {
        CompletableFuture<Boolean> read = new CompletableFuture<>();
        reads.add(read);
        if (journalIsSilent) {
            read.complete(false);
        }
        return read;
    }

    private void pauseFor(Duration time) {
        membership.pause(time);
        wait.begin(membership.detector().pauses());
    }

    /** Runs the checks that are due in that time, while these nodes answer. */
    private void pass(Duration time, Runnable answers) {
        for (Duration passed = CHECK; passed.compareTo(time) <= 0; passed = passed.plus(CHECK)) {
            membership.pass(CHECK);
            answers.run();
            Runnable check = scheduled.poll();
            if (check != null) {
                check.run();
            }
        }
    }

    private boolean waits() {
        return membership.detector().isUnconfirmed();
    }

    @Test
    void callsWaitUntilTheClusterConfirmsThisNode() {
        pauseFor(Duration.ofSeconds(5));
        pass(Duration.ofSeconds(5), () -> membership.answerAsMembers(2, 3));
        assertThat(waits()).isTrue();

        membership.detector().confirm(1);
        pass(Duration.ofSeconds(1), () -> {});

        assertThat(waits()).isFalse();
        assertThat(scheduled).isEmpty();
    }

    @Test
    void aNodeThatNobodyAnswersContinuesAfterTenSeconds() {
        pauseFor(Duration.ofSeconds(5));
        pass(Duration.ofMillis(9750), () -> {});
        assertThat(waits()).isTrue();

        pass(CHECK, () -> {});

        assertThat(waits()).isFalse();
        assertThat(traffic.pauses).isEqualTo(1);
    }

    /** For instance when its membership ended: the next session has no answers at first. */
    @Test
    void aMomentOfSilenceAfterALongWaitCutsNoNodeOff() {
        pauseFor(Duration.ofSeconds(5));
        pass(Duration.ofSeconds(12), () -> membership.answerAsMembers(2));

        pass(Duration.ofMillis(9_000), () -> {});

        assertThat(waits()).isTrue();
    }

    @Test
    void whileOtherNodesAnswerTheWaitIsAsLongAsConfigured() {
        pauseFor(Duration.ofSeconds(5));
        pass(Duration.ofMillis(29_750), () -> membership.answerAsMembers(2));
        assertThat(waits()).isTrue();

        pass(CHECK, () -> membership.answerAsMembers(2));

        assertThat(waits()).isFalse();
    }

    @Test
    void anotherPauseDoesNotRestartTheWait() {
        pauseFor(Duration.ofSeconds(5));
        pass(Duration.ofSeconds(8), () -> {});
        pauseFor(Duration.ofSeconds(2));
        scheduled.poll().run();
        pass(Duration.ofSeconds(2), () -> {});

        assertThat(waits()).isFalse();
        assertThat(traffic.pauses).isEqualTo(2);
    }

    @Test
    void aCutOffNodeDoesNotWaitAfterItsNextPause() {
        pauseFor(Duration.ofSeconds(5));
        pass(Duration.ofSeconds(10), () -> {});

        pauseFor(Duration.ofSeconds(5));

        assertThat(waits()).isFalse();
        assertThat(traffic.pauses).isEqualTo(2);
    }

    /** A hold may have been ordered during the pause, and the journal has it. */
    @Test
    void aCutOffNodeReadsTheStatesFromTheJournalBeforeItContinues() {
        journalIsSilent = false;
        pauseFor(Duration.ofSeconds(5));
        pass(Duration.ofSeconds(10), () -> {});
        assertThat(waits()).isTrue();

        reads.remove().complete(true);

        assertThat(waits()).isFalse();
        assertThat(traffic.pauses).isEqualTo(1);
    }

    @Test
    void aCutOffNodeReadsTheStatesFromTheJournalAgainAfterItsNextPause() {
        pauseFor(Duration.ofSeconds(5));
        pass(Duration.ofSeconds(10), () -> {});
        assertThat(reads.remove()).isDone();
        journalIsSilent = false;

        pauseFor(Duration.ofSeconds(5));
        assertThat(waits()).isTrue();
        reads.remove().complete(true);

        assertThat(waits()).isFalse();
    }

    @Test
    void whatWasReadBeforeAnotherPauseEndsNoWait() {
        journalIsSilent = false;
        pauseFor(Duration.ofSeconds(5));
        pass(Duration.ofSeconds(10), () -> {});
        pauseFor(Duration.ofSeconds(5));

        reads.remove().complete(true);
        assertThat(waits()).isTrue();
        pass(CHECK, () -> {});
        reads.remove().complete(true);

        assertThat(waits()).isFalse();
        assertThat(traffic.pauses).isEqualTo(2);
    }

    @Test
    void pausesDuringTheReadingDoNotKeepTheCallsWaiting() {
        journalIsSilent = false;
        pauseFor(Duration.ofSeconds(5));
        pass(Duration.ofSeconds(10), () -> {});
        for (int i = 0; i < 3; i++) {
            pass(Duration.ofMillis(750), () -> {});
            pauseFor(Duration.ofMillis(1250));
            assertThat(waits()).isTrue();
        }

        pass(Duration.ofMillis(750), () -> {});

        assertThat(waits()).isFalse();
        assertThat(traffic.pauses).isEqualTo(4);
        assertThat(reads).hasSize(4);
    }

    @Test
    void aJournalThatWasTooSlowIsReadAfterTheNextPauseWhileCallsContinue() {
        journalIsSilent = false;
        pauseFor(Duration.ofSeconds(5));
        pass(Duration.ofSeconds(13), () -> {});
        assertThat(waits()).isFalse();

        pauseFor(Duration.ofSeconds(5));

        assertThat(waits()).isFalse();
        assertThat(reads).hasSize(2);
    }

    @Test
    void aJournalThatAnswersAgainIsWaitedForAfterTheNextPause() {
        journalIsSilent = false;
        pauseFor(Duration.ofSeconds(5));
        pass(Duration.ofSeconds(13), () -> {});
        pauseFor(Duration.ofSeconds(5));
        reads.removeLast().complete(true);

        pauseFor(Duration.ofSeconds(5));

        assertThat(waits()).isTrue();
    }

    @Test
    void aNodeThatIsConfirmedWhileItReadsTheJournalDoesNotCountAsCutOff() {
        journalIsSilent = false;
        pauseFor(Duration.ofSeconds(5));
        pass(Duration.ofSeconds(10), () -> {});
        membership.detector().confirm(1);
        reads.remove().complete(true);

        pauseFor(Duration.ofSeconds(5));

        assertThat(waits()).isTrue();
        assertThat(reads).isEmpty();
    }

    @Test
    void aNodeThatWasNotPausedItselfWaitsOnlyForTheStatusesOfAMajority() {
        membership.detector().assume();
        wait.begin(1);
        pass(CHECK, () -> membership.answerFromOutside(2));
        assertThat(waits()).isTrue();

        pass(CHECK, () -> {
            membership.answerFromOutside(2);
            membership.sendStatuses(2);
        });

        assertThat(waits()).isFalse();
        assertThat(traffic.pauses).isEqualTo(1);
    }

    @Test
    void aNodeThatWasPausedWaitsAlthoughItHasTheStatusesOfAMajority() {
        pauseFor(Duration.ofSeconds(5));
        pass(Duration.ofSeconds(5), () -> {
            membership.answerFromOutside(2);
            membership.sendStatuses(2);
        });

        assertThat(waits()).isTrue();
    }

    @Test
    void aNodeWaitsWhileAnyOtherHasNotSentItsStatuses() {
        membership.detector().assume();
        wait.begin(1);
        pass(Duration.ofSeconds(5), () -> {
            membership.answerFromOutside(2);
            membership.sendStatuses(2);
            membership.answerAsMembers(3);
        });

        assertThat(waits()).isTrue();
    }

    @Test
    void aSingleNodeDoesNotWait() {
        PauseWait single = wait(List.of());
        membership.pause(Duration.ofSeconds(5));

        single.begin(1);

        assertThat(waits()).isFalse();
    }
}
