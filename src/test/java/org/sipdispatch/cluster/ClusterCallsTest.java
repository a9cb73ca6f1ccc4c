package org.sipdispatch.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClusterCallsTest {
    private static final List<String> NODES = List.of("b:1", "a:1");

    private static PeerActor.Calls calls(String node, int open, int ringing) {
        return new PeerActor.Calls(node, open, ringing);
    }

    @Test
    void aNodeThatDoesNotAnswerIsNamedAndHasPerhapsSomeLeft() {
        ClusterCalls there = ClusterCalls.of(List.of(calls("a:1", 0, 0)), NODES);

        assertThat(there.silent()).containsExactly("b:1");
        assertThat(there.isNone()).isFalse();
    }

    @Test
    void whatRingsMayBecomeACall() {
        ClusterCalls there = ClusterCalls.of(List.of(calls("a:1", 0, 1), calls("b:1", 0, 0)), NODES);

        assertThat(there).isEqualTo(new ClusterCalls(Map.of("a:1", 0, "b:1", 0), 1, List.of()));
        assertThat(there.isNone()).isFalse();
    }

    @Test
    void noneIsLeftWhereAllSaySo() {
        assertThat(ClusterCalls.of(List.of(calls("a:1", 0, 0), calls("b:1", 0, 0)), NODES)
                        .isNone())
                .isTrue();
        assertThat(ClusterCalls.of(List.of(calls("a:1", 2, 0), calls("b:1", 3, 0)), NODES)
                        .total())
                .isEqualTo(5);
    }

    @Test
    void aNodeThatHasLeftIsNotWaitedFor() {
        ClusterCalls there = ClusterCalls.of(List.of(calls("a:1", 0, 0), calls("gone:1", 0, 0)), List.of("a:1"));

        assertThat(there.isNone()).isTrue();
    }

    @Test
    void aCallThatIsAnsweredWhileItIsCountedIsNotLost() {
        boolean[] answered = new boolean[1];
        LocalCalls own = new LocalCalls() {
            @Override
            public int ringing(String id) {
                int before = answered[0] ? 0 : 1;
                answered[0] = true;
                return before;
            }

            @Override
            public int open(String id) {
                int before = answered[0] ? 1 : 0;
                answered[0] = true;
                return before;
            }
        };

        PeerActor.Calls reported = PeerActor.Calls.of("a:1", own, "id");

        assertThat(reported.open() + reported.ringing()).isPositive();
    }
}
