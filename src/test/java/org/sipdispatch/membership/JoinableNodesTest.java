package org.sipdispatch.membership;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.Address;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class JoinableNodesTest {
    private static final Address FIRST = new Address("akka", "s", "10.0.0.1", 2552);
    private static final Address SECOND = new Address("akka", "s", "10.0.0.2", 2552);

    private final AtomicLong clock = new AtomicLong(-5);
    private final JoinableNodes nodes = new JoinableNodes(Duration.ofNanos(100), clock::get);

    @Test
    void onlyANodeWithALeaseMayBeJoined() {
        long toFirst = nodes.asked(FIRST);
        long toSecond = nodes.asked(SECOND);
        assertThat(toSecond).isNotEqualTo(toFirst);
        assertThat(nodes.nodes()).isEmpty();

        nodes.answered(toFirst, false);
        nodes.answered(toSecond, true);

        assertThat(nodes.nodes()).containsExactly(SECOND);
    }

    @Test
    void aNodeThatHasLostItsLeaseOrIsSilentMayNotBeJoinedAnyMore() {
        nodes.answered(nodes.asked(FIRST), true);
        nodes.answered(nodes.asked(SECOND), true);
        clock.addAndGet(50);
        nodes.answered(nodes.asked(FIRST), false);
        assertThat(nodes.nodes()).containsExactly(SECOND);

        clock.addAndGet(60);
        assertThat(nodes.nodes()).isEmpty();
    }

    @Test
    void anOlderAnswerDoesNotReplaceANewerOne() {
        long before = nodes.asked(FIRST);
        clock.addAndGet(50);
        nodes.answered(nodes.asked(FIRST), true);

        nodes.answered(before, false);

        assertThat(nodes.nodes()).containsExactly(FIRST);
    }

    @Test
    void anAnswerToAnUnknownQuestionIsIgnored() {
        nodes.answered(7, true);

        assertThat(nodes.nodes()).isEmpty();
    }
}
