package org.sipdispatch.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.PushedAttrs;

/** The orders for attributes that rules push. */
class ScriptAttrsPusherTest {
    private final List<String> orders = new ArrayList<>();
    private final Deque<CompletableFuture<Void>> answers = new ArrayDeque<>();
    private final Deque<Runnable> paused = new ArrayDeque<>();
    private final AtomicInteger dropped = new AtomicInteger();
    private final ScriptAttrsPusher attrs = new ScriptAttrsPusher(this::given, paused::add, dropped::incrementAndGet);

    private CompletableFuture<Void> given(List<String> ids, String text, String who) {
        orders.add(ids + " " + text + " by " + who);
        answers.add(new CompletableFuture<>());
        return answers.peekLast();
    }

    private void push(int port, String text) {
        Destination member = new Destination("default", 1, "sip:a:" + port, null, 1, 0, "", "");
        attrs.accept(new PushedAttrs("rules[0]", List.of(member), text));
    }

    @Test
    void oneOrderIsGivenAtATimeAndTheNewestAttributesOfADestinationCount() {
        push(1, "a");
        push(2, "b");
        push(2, "c");

        assertThat(orders).containsExactly("[default:1:sip:a:1] a by rules[0]");
        answers.remove().complete(null);
        assertThat(orders).as("a pause first").hasSize(1);
        paused.remove().run();
        assertThat(orders).hasSize(2).last().isEqualTo("[default:1:sip:a:2] c by rules[0]");
        answers.remove().complete(null);
        paused.remove().run();
        push(1, "d");
        assertThat(orders).hasSize(3);
    }

    @Test
    void anOrderThatFailsDoesNotStopTheNextOne() {
        push(1, "a");
        push(2, "b");

        answers.remove().completeExceptionally(new IllegalStateException("outside the cluster"));
        paused.remove().run();

        assertThat(orders).hasSize(2);
    }

    @Test
    void atMostAThousandWaitAndTheOthersAreCounted() {
        for (int i = 0; i < 1_500; i++) {
            push(i, "a");
        }
        while (!answers.isEmpty()) {
            answers.remove().complete(null);
            paused.remove().run();
        }

        assertThat(orders).hasSize(1_001);
        assertThat(dropped).hasValue(1_500 - 1_001);
    }
}
