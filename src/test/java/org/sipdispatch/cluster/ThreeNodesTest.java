package org.sipdispatch.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.sipdispatch.definitions.FakeSource.row;
import static org.sipdispatch.definitions.FakeSource.temporary;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.sipdispatch.agents.EventSocketServer;
import org.sipdispatch.definitions.ReloadOutcome;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.membership.ClusterMember;
import org.sipdispatch.orders.OrderNotExecutedException;
import org.sipdispatch.replication.DestinationsSnapshot;
import org.sipdispatch.replication.PushedFigure;

/** A cluster of three nodes with one table. */
class ThreeNodesTest {
    private static TestCluster cluster;

    @BeforeAll
    static void start() {
        cluster = TestCluster.ofThree();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static void eventuallyAllKnow(String destinations) {
        cluster.eventually(() -> cluster.traffic().equals(List.of(destinations, destinations, destinations)));
    }

    @Test
    void definitionsReachAllNodesAndOnePingsEachDestination() {
        assertThat(cluster.reload(2, row("a", "sip:a1"), row("a", "sip:a2"), row("b", "sip:b1"))
                        .error())
                .isEmpty();

        eventuallyAllKnow("a:1:sip:a1, a:1:sip:a2, b:1:sip:b1");
        cluster.eventuallyOnlyPingedByOneNodeEach("a:1:sip:a1", "a:1:sip:a2", "b:1:sip:b1");
    }

    @Test
    void aReloadThatFailsChangesNothing() {
        cluster.reload(0, row("a", "sip:c1"), row("a", "sip:c2"));
        eventuallyAllKnow("a:1:sip:c1, a:1:sip:c2");
        List<Long> before = cluster.revisions();

        cluster.table.away = true;
        assertThatThrownBy(() -> cluster.reload(1, row("a", "sip:c3"))).hasMessageContaining("a database that answers");
        cluster.table.away = false;

        assertThat(cluster.revisions()).isEqualTo(before);
        eventuallyAllKnow("a:1:sip:c1, a:1:sip:c2");
    }

    @Test
    void aDestinationThatWasRemovedIsPingedNoMore() {
        cluster.reload(0, row("a", "sip:d1"), row("a", "sip:d2"));
        cluster.eventuallyOnlyPingedByOneNodeEach("a:1:sip:d1", "a:1:sip:d2");

        cluster.reload(1, row("a", "sip:d2"));

        eventuallyAllKnow("a:1:sip:d2");
        cluster.eventuallyOnlyPingedByOneNodeEach("a:1:sip:d2");
    }

    @Test
    void aPushedFigureReachesAllNodesAndIsRemovedFromAll() {
        List<LongSupplier> readers = cluster.figures.stream()
                .map(figures -> figures.reader("load", row("a", "sip:f1").destination()))
                .toList();

        push("load", 7, 60_000);
        cluster.eventually(() -> readers.stream().allMatch(load -> load.getAsLong() == 7));

        cluster.figures.get(2).remove("load").toCompletableFuture().join();
        cluster.eventually(() -> readers.stream().allMatch(load -> load.getAsLong() == 0));
    }

    @Test
    void aFigureThatIsNotPushedAgainExpiresOnAllNodes() {
        push("brief", 7, 1_500);
        cluster.eventually(
                () -> cluster.figures.stream().allMatch(figures -> figures.all().containsKey("brief")));

        cluster.eventually(() ->
                cluster.figures.stream().noneMatch(figures -> figures.all().containsKey("brief")));
    }

    private static void push(String name, long value, long lifetimeMs) {
        PushedFigure figure = PushedFigure.of(Map.of("sip:f1", value), lifetimeMs, System.currentTimeMillis(), "ann");
        cluster.figures.get(0).push(name, figure).toCompletableFuture().join();
    }

    @Test
    void allNodesKnowWhichOnesAreInMaintenanceAndTheirSockets() {
        String second = cluster.nodes.get(1).address();

        cluster.maintenance.get(1).set(5);
        cluster.eventually(() -> cluster.maintenance.stream()
                .allMatch(known -> known.byNode().containsKey(second)
                        && known.byNode().get(second).isOn()));
        assertThat(cluster.maintenance.get(0).byNode().get(second).sockets())
                .isEqualTo(Map.of("udp:10.0.0.2:5060", "main"));

        cluster.maintenance.get(1).set(0);
        cluster.eventually(() -> cluster.maintenance.stream()
                .noneMatch(known -> known.byNode().get(second).isOn()));
    }

    @Test
    void anOperatorsHoldReachesAllNodes() {
        cluster.reload(0, row("a", "sip:e1"), row("a", "sip:e2"));
        eventuallyAllKnow("a:1:sip:e1, a:1:sip:e2");

        cluster.hold(2, "a:1:sip:e1");

        eventuallyAllKnow("a:1:sip:e1 out, a:1:sip:e2");
        cluster.eventuallyOnlyPingedByOneNodeEach("a:1:sip:e2");
    }

    private static ReloadOutcome add(int node, Definition temporary) {
        return cluster.nodes
                .get(node)
                .add(temporary, "ann")
                .toCompletableFuture()
                .join();
    }

    private static List<String> scriptAttrs(String id) {
        return cluster.nodes.stream()
                .flatMap(node -> node.destinations().snapshot().destinations().stream())
                .map(DestinationsSnapshot.KnownDestination::definition)
                .filter(one -> one.id().equals(id))
                .map(Definition::scriptAttrs)
                .toList();
    }

    @Test
    void aTemporaryDestinationLivesOnAllNodesUntilAReloadDropsIt() {
        cluster.reload(0, row("a", "sip:f1"));

        assertThat(add(0, temporary("a", "sip:f2", 1)).error()).isEmpty();
        eventuallyAllKnow("a:1:sip:f1, a:1:sip:f2");
        cluster.eventuallyOnlyPingedByOneNodeEach("a:1:sip:f1", "a:1:sip:f2");

        assertThat(cluster.reload(1).changes()).isEmpty();
        eventuallyAllKnow("a:1:sip:f1, a:1:sip:f2");

        assertThat(cluster.reload(2, true).changes()).containsExactly("- a:1:sip:f2");
        eventuallyAllKnow("a:1:sip:f1");
        cluster.eventuallyOnlyPingedByOneNodeEach("a:1:sip:f1");
    }

    @Test
    void aTemporaryDestinationIsRemovedFromAnyNode() {
        cluster.reload(0, row("a", "sip:g1"));
        add(1, temporary("a", "sip:g2", 1));
        eventuallyAllKnow("a:1:sip:g1, a:1:sip:g2");

        cluster.nodes.get(2).remove("a:1:sip:g2", "ann").toCompletableFuture().join();

        eventuallyAllKnow("a:1:sip:g1");
    }

    @Test
    void pushedAttributesReachAllNodesAndDisturbNoState() {
        cluster.reload(0, row("a", "sip:h1"), row("a", "sip:h2"));
        cluster.hold(1, "a:1:sip:h1");
        eventuallyAllKnow("a:1:sip:h1 out, a:1:sip:h2");

        cluster.nodes
                .get(2)
                .pushAttrs(List.of("a:1:sip:h1"), "free=3", "ann")
                .toCompletableFuture()
                .join();

        cluster.eventually(() -> scriptAttrs("a:1:sip:h1").equals(List.of("free=3", "free=3", "free=3")));
        eventuallyAllKnow("a:1:sip:h1 out, a:1:sip:h2");
        cluster.reload(1);
        assertThat(scriptAttrs("a:1:sip:h1")).containsOnly("free=3");
    }

    private static Definition fromFreeswitch(String uri, EventSocketServer server) {
        Definition row = row("a", uri);
        return row.withDestination(row.destination().withWeight(100)).withEventSocket(server.url(":ClueCon"));
    }

    private static void eventuallyAllWeigh(int first, int second) {
        Map<String, Integer> weights = Map.of("a:1:sip:k1", first, "a:1:sip:k2", second, "a:1:sip:k3", 1);
        cluster.eventually(() -> cluster.weights().equals(List.of(weights, weights, weights)));
    }

    private static long owners(String... ids) {
        return Stream.of(ids)
                .map(id ->
                        cluster.nodes.get(0).destinations().snapshot().find(id).owner())
                .filter(owner -> !owner.isEmpty())
                .distinct()
                .count();
    }

    @Test
    void heartbeatsOfFreeswitchBecomeWeightsOnAllNodes() throws IOException {
        try (EventSocketServer server = new EventSocketServer("auth ClueCon")) {
            cluster.reload(0, fromFreeswitch("sip:k1", server), fromFreeswitch("sip:k2", server), row("a", "sip:k3"));
            eventuallyAllWeigh(100, 100);
            cluster.eventually(
                    () -> server.subscribers() > 0 && server.subscribers() == owners("a:1:sip:k1", "a:1:sip:k2"));

            server.heartbeat(500, 1000, "80.0");
            eventuallyAllWeigh(40, 40);
            server.heartbeat(0, 1000, "100.0");
            eventuallyAllWeigh(100, 100);
        }
    }

    private static ClusterCalls calls(int asked, String id) {
        return cluster.nodes.get(asked).openCalls(id).toCompletableFuture().join();
    }

    private static ClusterCalls allCalls(String id) {
        return new ClusterCalls(
                Map.of(
                        cluster.nodes.get(0).address(), id.length(),
                        cluster.nodes.get(1).address(), id.length() + 1,
                        cluster.nodes.get(2).address(), id.length() + 2),
                3,
                List.of());
    }

    @Test
    void everyNodeTellsItsCallsAndWhoDoesNotIsNamed() {
        cluster.eventually(() -> calls(1, "abc").equals(allCalls("abc")));

        cluster.eventually(() -> {
            ClusterCalls without = calls(1, TestCluster.FAULTY);
            return without.silent().equals(List.of(cluster.nodes.get(2).address()))
                    && without.open().size() == 2
                    && !without.isNone();
        });

        cluster.eventually(() -> calls(1, "abc").equals(allCalls("abc")));
    }

    /** The destination is not defined, so its actor waits and never asks for permission to execute an order. */
    @Test
    void anOrderThatNobodyTakesInTimeIsNotCarriedOut() {
        assertThatThrownBy(() -> cluster.hold(0, "a:1:sip:nobody"))
                .hasRootCauseInstanceOf(OrderNotExecutedException.class)
                .hasRootCauseMessage("order: not executed (expected: an answer within 5s)");
    }

    @Test
    void theOperatorOfARemovalIsKnownToAllNodes() {
        cluster.reload(0, row("a", "sip:j1"));
        add(1, temporary("a", "sip:j2", 1));
        eventuallyAllKnow("a:1:sip:j1, a:1:sip:j2");

        cluster.nodes.get(2).remove("a:1:sip:j2", "bob").toCompletableFuture().join();

        cluster.eventually(() -> cluster.statuses("a:1:sip:j2").stream()
                .allMatch(status -> status != null
                        && status.removed()
                        && status.who().equals("bob")
                        && status.why().equals("defined no longer: removed")));
    }

    @Test
    void everyNodeKnowsTheMembersAndWhichOfThemHasTheSingletons() {
        cluster.eventually(() -> cluster.nodes.stream()
                .allMatch(node -> node.members().stream()
                        .allMatch(member -> member.status().equals("Up") && member.reachable())));

        for (Cluster node : cluster.nodes) {
            List<ClusterMember> members = node.members();
            assertThat(members)
                    .extracting(ClusterMember::address)
                    .containsExactlyInAnyOrderElementsOf(
                            cluster.nodes.stream().map(Cluster::address).toList());
            assertThat(members.stream().filter(ClusterMember::self).map(ClusterMember::address))
                    .containsExactly(node.address());
            assertThat(members.stream().filter(ClusterMember::oldest).map(ClusterMember::address))
                    .containsExactly(
                            cluster.nodes.get(cluster.singletonNodes.get(0)).address());
            assertThat(members).extracting(ClusterMember::number).doesNotHaveDuplicates();
        }
    }

    @Test
    void anActorThatIsToLiveOnceBeginsOnceAndADefectDoesNotEndIt() {
        cluster.eventually(() -> !cluster.singletonNodes.isEmpty());

        assertThat(cluster.singletonNodes).hasSize(1);
    }

    @Test
    void everyNodeReceivesStatusesAndDefinitions() {
        long revision = cluster.reload(0, row("a", "sip:i1")).revision();

        cluster.hold(0, "a:1:sip:i1");

        cluster.eventually(
                () -> cluster.statuses("a:1:sip:i1").stream().allMatch(status -> status != null && status.held()));
        cluster.eventually(() -> cluster.revisions().stream().allMatch(matches -> matches == revision));
    }
}
