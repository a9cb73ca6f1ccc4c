package org.sipdispatch.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.destination.Status;
import org.sipdispatch.destination.StatusVersion;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;

/** The states that a node keeps for its next process. */
class LastKnownStatusesTest {
    private static final Status HELD = new Status(
            new StatusVersion(3, 14, -9_000_000_000L),
            true,
            false,
            true,
            2,
            1,
            false,
            1_700_000_000_000L,
            "ann\tb",
            "a\\n\nb €");
    private static final Status DEAD = Samples.status(2, 5, true);
    private static final Status ALIVE = Samples.status(4, 0, false);
    private static final SetId ONE = new SetId("default", 1);

    @TempDir
    private Path directory;

    private LastKnownStatuses open(String cluster) {
        return LastKnownStatuses.in(new LastKnownFile(path(), cluster));
    }

    private Path path() {
        return directory.resolve("data").resolve("last-known.txt");
    }

    private void keep(Map<String, Status> statuses) {
        try (LastKnownStatuses known = open("c")) {
            known.learned(statuses);
        }
    }

    @Test
    void whatOneProcessKnewTheNextOneReads() {
        Map<String, Status> all = Map.of(
                "a:1:sip:x\ty@\\",
                HELD,
                "b",
                DEAD,
                "c",
                ALIVE.withdrawn("ann", "no longer"),
                "d",
                Samples.withTargets(3, 1, "192.0.2.1:5060 h", "[2001:db8::1]:5060 "));
        keep(all);

        try (LastKnownStatuses next = open("c")) {
            assertThat(next.atStart()).isEqualTo(all);
            assertThat(next.of("b")).isEqualTo(DEAD);
        }
    }

    @Test
    void itIsWrittenWhileTheProcessRunsAndIsTheOwnersOnly() throws IOException {
        try (LastKnownStatuses known = open("c")) {
            known.learned(Map.of("a", HELD));

            Awaitility.await().until(() -> Files.exists(path()));

            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
                    .isEqualTo("rw-------");
            assertThat(path().getParent()).isDirectoryContaining(one -> one.equals(path()));
        }
    }

    @Test
    void theNewestStatusCountsAndWhatIsDefinedNoLongerIsForgotten() {
        keep(Map.of("a", HELD, "b", DEAD));

        try (LastKnownStatuses next = open("c")) {
            next.learned(Map.of("a", ALIVE));
            next.defined(Set.of("a", "d"));
            assertThat(next.of("a")).isEqualTo(ALIVE);
            assertThat(next.isOut("a")).isTrue();
        }
        try (LastKnownStatuses third = open("c")) {
            assertThat(third.atStart()).containsExactly(Map.entry("a", ALIVE));
        }
    }

    @Test
    void whatANodeLearnsWhileItIsInNoClusterIsKeptIfItIsNewer() {
        try (LastKnownStatuses kept = open("c")) {
            DestinationRegistry known = new DestinationRegistry(kept);
            Definition a = Samples.definition(1, "sip:a");
            Definition b = Samples.definition(1, "sip:b");
            known.define(1, List.of(a, b));
            known.learn(Map.of(a.id(), HELD, b.id(), ALIVE));

            known.remember(Map.of(a.id(), ALIVE, b.id(), DEAD));

            assertThat(kept.of(a.id())).isEqualTo(ALIVE);
            assertThat(kept.of(b.id())).isEqualTo(ALIVE);
        }
    }

    @Test
    void aFileThatIsBrokenOrAnotherClustersIsIgnoredAndReplaced() throws IOException {
        keep(Map.of("a", HELD, "b", DEAD));
        String whole = Files.readString(path());
        List<String> broken = List.of(
                "",
                "rubbish",
                whole.substring(0, whole.length() / 2),
                whole.replace("held", "-"),
                whole.replaceFirst("form 1", "form 2"),
                whole.replaceFirst("\nb.*", ""));

        for (String text : broken) {
            Files.writeString(path(), text);
            try (LastKnownStatuses next = open("c")) {
                assertThat(next.atStart()).as(text).isEmpty();
            }
        }
        Files.writeString(path(), whole);
        try (LastKnownStatuses other = open("another")) {
            assertThat(other.atStart()).isEmpty();
            other.learned(Map.of("z", ALIVE));
        }
        try (LastKnownStatuses other = open("another")) {
            assertThat(other.atStart()).containsOnlyKeys("z");
        }
    }

    @Test
    void aPlaceThatCannotBeWrittenDisturbsNothing() throws IOException {
        Files.writeString(directory.resolve("data"), "a file where a directory should be");

        try (LastKnownStatuses known = open("c")) {
            known.learned(Map.of("a", HELD));
            assertThat(known.of("a")).isEqualTo(HELD);
        }
    }

    @Test
    void untilActorsSpeakCallsDoNotGoWhereTheyDidNotGoBefore() {
        Definition a = Samples.definition(1, "sip:a");
        Definition b = Samples.definition(1, "sip:b");
        Definition c = Samples.definition(1, "sip:c");
        Definition written = new Definition(c.destination(), DestinationState.PROBING, false, 2, 3, 1, "", false);
        keep(Map.of(a.id(), HELD, b.id(), ALIVE, c.id(), ALIVE));

        try (LastKnownStatuses next = open("c")) {
            DestinationRegistry known = new DestinationRegistry(next);
            known.define(1, List.of(a, b, written));
            assertThat(actives(known.view(ONE))).containsExactly(false, true, false);
            SetView table = known.view(ONE).withActive(place -> place < 2);
            assertThat(actives(next.withoutThoseOut(table))).containsExactly(false, true, false);

            assertThat(known.learn(Map.of(a.id(), ALIVE)).changed()).containsExactly(ONE);
            assertThat(actives(known.view(ONE))).containsExactly(true, true, false);
            assertThat(next.of(a.id())).isEqualTo(ALIVE);
        }
    }

    private static List<Boolean> actives(SetView view) {
        return List.of(view.isActive(0), view.isActive(1), view.isActive(2));
    }
}
