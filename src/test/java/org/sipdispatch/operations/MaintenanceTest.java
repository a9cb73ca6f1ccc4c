package org.sipdispatch.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.membership.ClusterMember;
import org.sipdispatch.operations.MaintenanceSettings.NewCalls;
import org.sipdispatch.proxy.NewRequests;

class MaintenanceTest {
    private static final String OWN = "10.0.0.1:2552";
    private static final String OTHER = "10.0.0.2:2552";
    private static final MaintenanceOrder ORDER = new MaintenanceOrder(5, "ann@10.0.0.9", "kernel", false);
    private static final MaintenanceOrder KEPT = new MaintenanceOrder(7, "bob", "", true);

    @TempDir
    Path directory;

    private final List<NewRequests> treatments = new ArrayList<>();
    private final List<ClusterMember> members = new ArrayList<>(List.of(
            new ClusterMember(OWN, 1, "Up", true, true, true), new ClusterMember(OTHER, 2, "Up", true, false, false)));

    private Maintenance node() {
        Maintenance node =
                new Maintenance(new MaintenanceSettings(NewCalls.REFUSE, Duration.ofSeconds(10)), directory, Map.of());
        treatments.add(node.atStart(() -> members));
        node.open(treatments::add);
        return node;
    }

    private NewRequests last() {
        return treatments.get(treatments.size() - 1);
    }

    @Test
    void newRequestsAreDispatchedUntilMaintenanceBeginsAndAfterItsEnd() {
        Maintenance node = node();
        assertThat(last()).isSameAs(NewRequests.DISPATCHED);

        node.begin(ORDER);
        assertThat(last()).isNotSameAs(NewRequests.DISPATCHED);
        assertThat(node.order()).isEqualTo(ORDER);
        assertThat(node.states().isOn()).isTrue();

        node.end("ann");
        assertThat(last()).isSameAs(NewRequests.DISPATCHED);
        assertThat(node.order()).isNull();
        assertThat(node.states().isOn()).isFalse();
    }

    @Test
    void aRestartEndsIt() {
        node().begin(ORDER);

        assertThat(node().order()).isNull();
    }

    @Test
    void aRestartDoesNotEndItIfItIsKept() {
        node().begin(KEPT);

        Maintenance restarted = node();

        assertThat(restarted.order()).isEqualTo(KEPT);
        assertThat(restarted.states().isOn()).isTrue();
        assertThat(last()).isNotSameAs(NewRequests.DISPATCHED);
    }

    /** The lanes get it before they open their sockets. */
    @Test
    void theTrafficOfANodeThatStartsInMaintenanceBeginsInIt() {
        assertThat(node().order()).isNull();
        assertThat(treatments.get(0)).isSameAs(NewRequests.DISPATCHED);
        node().begin(KEPT);
        treatments.clear();

        node();

        assertThat(treatments).hasSize(2).doesNotContain(NewRequests.DISPATCHED);
    }

    @Test
    void itsEndIsKeptToo() {
        node().begin(KEPT);
        node().end("bob");

        assertThat(node().order()).isNull();
    }

    @Test
    void aRepeatedOrderChangesOnlyWhetherItIsKept() {
        Maintenance node = node();
        node.begin(ORDER);

        node.begin(KEPT);
        assertThat(node.order()).isEqualTo(ORDER.keeping());

        node.begin(ORDER);
        assertThat(node.order()).isEqualTo(ORDER.keeping());
        assertThat(node().order()).isEqualTo(ORDER.keeping());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "sip-dispatcher maintenance, form 1\n", "sip-dispatcher maintenance, form 1\nx\na\nb\n"})
    void aDamagedFileKeepsTheNodeInMaintenance(String text) throws IOException {
        Files.writeString(directory.resolve("maintenance.txt"), text);

        assertThat(node().order().why()).contains("maintenance.txt cannot be read");
    }

    @Test
    void ifTheFileCannotBeWrittenNothingChanges() throws IOException {
        Files.createDirectories(directory.resolve("maintenance.txt.new").resolve("in-the-way"));
        Maintenance node = node();

        assertThatThrownBy(() -> node.begin(KEPT)).isInstanceOf(UncheckedIOException.class);

        assertThat(node.order()).isNull();
        assertThat(last()).isSameAs(NewRequests.DISPATCHED);
    }

    @Test
    void theNodesThatTakeCallsAreThoseUpAndNotInMaintenance() {
        Maintenance node = node();
        assertThat(node.takingNodes(OWN)).containsExactly(OWN, OTHER);
        assertThat(node.nodes(OWN)).isEmpty();

        node.begin(ORDER);
        assertThat(node.takingNodes(OWN)).containsExactly(OTHER);
        assertThat(node.nodes(OWN)).containsExactly(OWN);

        members.set(1, new ClusterMember(OTHER, 2, "Up", false, false, false));
        assertThat(node.takingNodes(OWN)).isEmpty();
    }
}
