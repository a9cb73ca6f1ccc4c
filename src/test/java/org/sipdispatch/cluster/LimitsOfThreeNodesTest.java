package org.sipdispatch.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sipdispatch.limits.CallHold;
import org.sipdispatch.limits.CallLimits;
import org.sipdispatch.limits.LimitUse;
import org.sipdispatch.limits.NodeLimits;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;

/** A limit of calls in a cluster of three nodes. */
class LimitsOfThreeNodesTest {
    private static final int LIMIT = 10;
    private static final long LONGEST_MS = 3_600_000;
    private static final Destination LIMITED =
            new Destination("default", 1, "sip:10.0.0.1", null, 1, 0, "maxcalls=" + LIMIT, "");

    private final TestCluster cluster = TestCluster.ofThree();
    private final Map<Long, CallHold> calls = new HashMap<>();
    private long nextKey;

    @BeforeEach
    void define() {
        SetView view = SetView.of(new SetId("default", 1), List.of(new SetView.SetMember(LIMITED, true)));
        cluster.limits.forEach(node -> node.replace(List.of(view), System.nanoTime()));
        // A node without a lease has its own part of the limit, also while the others share it.
        cluster.eventually(() -> uses().stream().allMatch(node -> node.get(0).free() == 0));
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    /** A call through a node; null if it was refused. */
    private CallHold call(int node) {
        CompletableFuture<CallHold> result = new CompletableFuture<>();
        take(cluster.limits.get(node), result);
        return result.join();
    }

    private static void take(NodeLimits node, CompletableFuture<CallHold> result) {
        List<CallLimits> limits = List.of(node.of(LIMITED));
        NodeLimits.TakenPlaces places = node.take(limits, System.nanoTime());
        if (places.mayWait()) {
            node.await(places, () -> take(node, result), System.nanoTime());
        } else {
            result.complete(places.hold());
        }
    }

    /** On a busy host a call may wait in vain, so that further ones have to be tried. */
    private List<Long> eventually(int number, int node) {
        List<Long> keys = new ArrayList<>();
        cluster.eventually(() -> {
            CallHold hold = call(node);
            if (hold != null) {
                nextKey++;
                keys.add(nextKey);
                calls.put(nextKey, hold);
                hold.answered(nextKey, LONGEST_MS);
                hold.done();
            }
            return keys.size() == number;
        });
        return keys;
    }

    private void allRefuse() {
        for (int node = 0; node < 3; node++) {
            for (int i = 0; i < 5; i++) {
                assertThat(call(node)).as("at node %d of %s", node, uses()).isNull();
            }
        }
    }

    private List<List<LimitUse>> uses() {
        return cluster.limits.stream().map(one -> one.uses(System.nanoTime())).toList();
    }

    @Test
    void theNodesHaveTheLimitTogetherAndPlacesMoveToTheNodeThatNeedsThem() {
        List<Long> first = eventually(4, 0);
        eventually(3, 1);
        eventually(3, 2);
        allRefuse();

        first.forEach(key -> calls.get(key).ended());

        eventually(4, 2);
        allRefuse();
    }

    @Test
    void theCallsOfANodeThatHasLeftCountUntilAByePassesAnother() {
        List<Long> ofLeft = eventually(LIMIT - 1, 1);
        eventually(1, 0);
        allRefuse();
        cluster.nodes.get(1).close();
        cluster.eventually(() -> cluster.nodes.get(0).members().size() == 2);
        for (int i = 0; i < 5; i++) {
            assertThat(call(0)).isNull();
            assertThat(call(2)).isNull();
        }

        cluster.limits.get(2).ofOtherNode(ofLeft.get(0)).ended();
        cluster.limits.get(0).ofOtherNode(ofLeft.get(1)).ended();
        cluster.limits.get(0).ofOtherNode(ofLeft.get(1)).ended();

        eventually(2, 0);
        assertThat(call(0)).isNull();
        assertThat(call(2)).isNull();
    }

    @Test
    void aByeThroughAnotherNodeEndsTheCall() {
        List<Long> own = eventually(LIMIT, 1);
        cluster.limits.get(1).whenEndedElsewhere(key -> calls.get(key).ended());

        own.forEach(key -> cluster.limits.get(0).ofOtherNode(key).ended());

        cluster.eventually(() -> cluster.limits.get(1).of(LIMITED).used() == 0);
        eventually(LIMIT, 2);
    }
}
