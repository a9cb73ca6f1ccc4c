package org.sipdispatch.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.Status;
import org.sipdispatch.destination.StatusVersion;

@Timeout(60)
class ChangeFeedTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(20);

    private final DestinationRegistry registry = new DestinationRegistry();
    private final ChangeFeed feed = registry.changes();
    private final Definition a = Samples.definition(1, "sip:a");
    private final Definition b = Samples.definition(2, "sip:b");
    private final Definition c = Samples.definition(2, "sip:c");

    private void define(long revision, Definition... all) {
        registry.define(revision, List.of(all));
        registry.publish();
    }

    private StatusVersion learn(Definition definition, long change, boolean probing) {
        Status status = Samples.status(1, change, probing);
        registry.learn(Map.of(definition.id(), status));
        registry.publish();
        return status.version();
    }

    private CompletableFuture<Boolean> version(StatusVersion version, Duration longest) {
        return feed.awaitVersion(a.id(), version, longest).toCompletableFuture();
    }

    @Test
    void aVersionIsWaitedFor() {
        define(1, a);
        StatusVersion first = learn(a, 1, false);
        assertThat(version(first, LONG)).isCompletedWithValue(true);

        CompletableFuture<Boolean> second = version(first.nextChange(), LONG);
        CompletableFuture<Boolean> third = version(first.nextChange().nextChange(), LONG);
        assertThat(second).isNotDone();
        learn(a, 2, true);

        assertThat(second.join()).isTrue();
        assertThat(third).isNotDone();
        learn(a, 4, true);
        assertThat(third.join()).isTrue();
    }

    @Test
    void butNotForEver() {
        define(1, a);

        assertThat(version(learn(a, 1, false).nextChange(), SHORT).join()).isFalse();
    }

    @Test
    void whatIsNotDefinedIsNotWaitedFor() {
        define(1, a);
        CompletableFuture<Boolean> shown = version(learn(a, 1, false).nextChange(), LONG);

        define(2, b);

        assertThat(shown.join()).isTrue();
    }

    @Test
    void definitionsAreWaitedFor() {
        define(1, a);
        CompletableFuture<Boolean> shown = feed.awaitRevision(3, LONG).toCompletableFuture();
        assertThat(shown).isNotDone();

        define(4, a, b);

        assertThat(shown.join()).isTrue();
        assertThat(feed.awaitRevision(5, SHORT).toCompletableFuture().join()).isFalse();
    }

    @Test
    void aListenerThatFailsDoesNotKeepChangesFromTheOthers() {
        feed.add((snapshot, statuses) -> {
            throw new IllegalStateException("of this test");
        });
        List<Long> revisions = new ArrayList<>();
        feed.add((snapshot, statuses) -> revisions.add(snapshot.revision()));

        define(7, a);

        assertThat(revisions).containsExactly(7L);
    }

    private static List<String> next(ChangeSubscription changes, int most) {
        return changes.next(entry -> true, most).stream()
                .map(entry -> entry.definition().destination().uri()
                        + (entry.status() == null ? "" : entry.status().probing()))
                .toList();
    }

    @Test
    void aReaderGetsAllFirstAndThenWhatChanged() {
        define(1, a, b, c);
        int[] woken = {0};
        try (ChangeSubscription changes = feed.subscribe(() -> woken[0]++)) {
            assertThat(next(changes, 2)).containsExactly("sip:a", "sip:b");
            assertThat(next(changes, 2)).containsExactly("sip:c");
            assertThat(next(changes, 2)).isEmpty();

            learn(b, 1, false);
            learn(b, 2, true);
            learn(c, 1, false);

            assertThat(woken[0]).isEqualTo(3);
            assertThat(next(changes, 5)).containsExactly("sip:btrue", "sip:cfalse");
            assertThat(next(changes, 5)).isEmpty();
            assertThat(changes.takeRedefined()).isFalse();
        }
        learn(a, 1, false);
        assertThat(woken[0]).isEqualTo(3);
    }

    @Test
    void whatChangesWhileAReaderIsInTheMiddleIsReadAfterwards() {
        define(1, a, b, c);
        ChangeSubscription changes = feed.subscribe(() -> {});
        assertThat(next(changes, 1)).containsExactly("sip:a");

        learn(a, 1, true);
        learn(c, 1, true);

        assertThat(next(changes, 5)).startsWith("sip:b");
        assertThat(next(changes, 5)).containsExactly("sip:atrue", "sip:ctrue");
    }

    @Test
    void newDefinitionsAreReadAtOnceAndAreSaidOnce() {
        define(1, a, b, c);
        ChangeSubscription changes = feed.subscribe(() -> {});
        assertThat(next(changes, 1)).containsExactly("sip:a");

        define(2, a, c);

        assertThat(changes.takeRedefined()).isTrue();
        assertThat(changes.takeRedefined()).isFalse();
        assertThat(changes.revision()).isEqualTo(2);
        assertThat(next(changes, 5)).containsExactly("sip:a", "sip:c");
    }

    @Test
    void aReaderGetsOnlyWhatItsFilterTakes() {
        define(1, a, b, c);
        ChangeSubscription changes = feed.subscribe(() -> {});

        assertThat(changes.next(entry -> entry.definition().destination().set() == 2, 5))
                .extracting(DestinationsSnapshot.KnownDestination::id)
                .containsExactly(b.id(), c.id());
    }

    @Test
    void aSnapshotFindsByIdAndBySet() {
        define(1, a, b, c);
        DestinationsSnapshot before = feed.snapshot();
        learn(c, 1, true);

        assertThat(feed.snapshot().ofSet(c.destination().setId()))
                .extracting(DestinationsSnapshot.KnownDestination::status)
                .containsExactly(null, Samples.status(1, 1, true));
        assertThat(before.find(c.id()).status()).isNull();
        assertThat(before.find("sip:x")).isNull();
        assertThat(before.ofSet(new org.sipdispatch.sets.SetId("default", 9))).isEmpty();
        assertThat(before.sets()).hasSize(2);
    }

    @Test
    void aSlowReaderReceivesWhatChangedTwiceOnlyOnce() {
        define(1, a);
        ChangeSubscription changes = feed.subscribe(() -> {});
        next(changes, 5);

        IntStream.range(1, 1000).forEach(i -> learn(a, i, i % 2 == 0));

        assertThat(next(changes, 5)).containsExactly("sip:afalse");
        assertThat(next(changes, 5)).isEmpty();
    }
}
