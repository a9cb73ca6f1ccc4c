package org.sipdispatch.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.pattern.StatusReply;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sipdispatch.membership.ClusterMember;

class OrderDeliveryTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration LOOK = Duration.ofMillis(1);
    private static final List<ClusterMember> TWO = List.of(member(1, true), member(2, true));
    private static final List<ClusterMember> ONE_IS_SILENT = List.of(member(1, true), member(2, false));
    private static final List<ClusterMember> ONE = List.of(member(1, true));

    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private int names;
    private final AtomicInteger given = new AtomicInteger();
    private volatile List<ClusterMember> members = TWO;

    @AfterEach
    void stop() {
        clock.shutdownNow();
    }

    private static ClusterMember member(long number, boolean reachable) {
        return new ClusterMember("10.0.0." + number + ":25520", number, "Up", reachable, number == 1, number == 1);
    }

    private OrderDelivery<String> orders(Duration timeout, Duration longest) {
        return new OrderDelivery<>(clock, new OrderDelivery.Times(LOOK, timeout, longest, LONG));
    }

    private OrderDelivery<String> patient() {
        return orders(LONG, LONG);
    }

    private static OrderRequest hold(String name) {
        return new OrderRequest(name, "a:1:sip:x", "hold");
    }

    private CompletableFuture<String> give(OrderDelivery<String> orders, String... answers) {
        return give(orders, hold("o" + ++names), answers);
    }

    private CompletableFuture<String> give(OrderDelivery<String> orders, OrderRequest order, String... answers) {
        return orders.give(order, () -> members, wait -> {
                    int time = given.getAndIncrement();
                    assertThat(wait).isLessThanOrEqualTo(LONG);
                    String answer = time < answers.length ? answers[time] : "";
                    return answer.isEmpty()
                            ? CompletableFuture.failedFuture(new TimeoutException("none of that try"))
                            : CompletableFuture.completedFuture(answer);
                })
                .toCompletableFuture();
    }

    /** Waits until all earlier scheduled checks have run. */
    private void letLooksPass() throws Exception {
        clock.schedule(() -> {}, 5, TimeUnit.MILLISECONDS).get();
    }

    @Test
    void anOrderThatWentToANodeThatDiedIsGivenAgain() {
        CompletableFuture<String> answer = give(patient(), "", "", "done");
        assertThat(answer).isNotDone();

        members = ONE;

        assertThat(answer.join()).isEqualTo("done");
        assertThat(given).hasValue(3);
    }

    @Test
    void whileAllNodesAreThereItIsGivenOnce() throws Exception {
        CompletableFuture<String> answer = give(patient(), "", "done");
        letLooksPass();
        members = ONE_IS_SILENT;
        letLooksPass();

        assertThat(given).hasValue(1);
        assertThat(answer).isNotDone();
    }

    @Test
    void anOrderThatNobodyTookEndsWithTheMembershipOfItsNode() {
        CompletableFuture<String> answer = give(patient(), "", "done");
        members = List.of();

        assertThatThrownBy(answer::join)
                .hasCauseInstanceOf(OrderNotExecutedException.class)
                .hasRootCauseMessage(
                        "order: not executed (expected: a node that stays in the cluster until the order is answered)");
        assertThat(given).hasValue(1);
    }

    @Test
    void outsideTheClusterAnOrderThatMayHaveBeenExecutedIsNotGivenAgain() throws Exception {
        OrderDelivery<String> orders = patient();
        CompletableFuture<String> answer = give(orders, "", "done");
        assertThat(orders.mayExecute("o1")).isTrue();
        members = List.of();
        letLooksPass();

        assertThat(given).hasValue(1);
        assertThat(answer).isNotDone();
    }

    @Test
    void anOrderMayBeExecutedOnlyWhileItIsWaitedFor() {
        OrderDelivery<String> orders = orders(Duration.ofMillis(20), LONG);
        CompletableFuture<String> answer = give(orders);

        assertThatThrownBy(answer::join)
                .hasCauseInstanceOf(OrderNotExecutedException.class)
                .hasRootCauseMessage("order: not executed (expected: an answer within 0s)");
        assertThat(orders.mayExecute("o1")).isFalse();
    }

    @Test
    void whatIsAnsweredIsNotGivenAgain() throws Exception {
        assertThat(give(patient(), "done").join()).isEqualTo("done");
        members = ONE;
        letLooksPass();

        assertThat(given).hasValue(1);
    }

    @Test
    void aRefusalIsAnAnswer() {
        CompletionStage<String> answer = patient()
                .give(
                        hold("o1"),
                        () -> members,
                        wait -> CompletableFuture.failedFuture(new StatusReply.ErrorMessage("held by ann")));

        assertThatThrownBy(() -> answer.toCompletableFuture().join()).hasRootCauseMessage("held by ann");
    }

    @Test
    void anOlderOrderIsNotGivenAgain() throws Exception {
        OrderDelivery<String> orders = patient();
        CompletableFuture<String> older = give(orders, "");
        CompletableFuture<String> newer = new CompletableFuture<>();
        AtomicInteger newerGiven = new AtomicInteger();
        CompletionStage<String> answer = orders.give(hold("o" + ++names), () -> members, wait -> {
            newerGiven.incrementAndGet();
            return newer;
        });

        members = ONE;
        Awaitility.await().until(() -> newerGiven.get() > 1);
        newer.complete("done");

        assertThat(answer.toCompletableFuture().join()).isEqualTo("done");
        letLooksPass();
        assertThat(given).hasValue(1);
        assertThat(older).isNotDone();
    }

    @Test
    void itIsNotKnownWhatBecameOfAnOrderThatWasPermittedAndIsNotAnswered() {
        Duration timeout = Duration.ofMillis(20);
        OrderDelivery<String> orders = orders(LONG, timeout);
        CompletableFuture<String> answer = give(orders);
        assertThat(orders.mayExecute("o1")).isTrue();

        assertThatThrownBy(answer::join)
                .hasCauseInstanceOf(OrderOutcomeUnknownException.class)
                .hasRootCauseMessage("order: unknown outcome (expected: an answer within 0s)");
        assertThat(given).hasValue(1);
        assertThat(orders.mayExecute("o1")).isFalse();
    }

    @Test
    void whileANodeIsSilentMorePatienceIsHad() throws Exception {
        members = ONE_IS_SILENT;
        OrderDelivery<String> orders = orders(Duration.ofNanos(1), LONG);
        CompletableFuture<String> answer = give(orders, "", "done");
        letLooksPass();
        assertThat(answer).isNotDone();

        members = ONE;

        assertThat(answer.join()).isEqualTo("done");
    }

    @Test
    void betweenTwoSessionsNobodyIsAsked() {
        CompletionStage<String> answer = patient().give(hold("o1"), () -> members, wait -> {
            throw new IllegalStateException("terminated");
        });

        assertThatThrownBy(() -> answer.toCompletableFuture().join())
                .hasMessageContaining("node: not in the cluster now");
    }

    private static OrderOutcome.OrderState end(OrderDelivery<String> orders, String name) {
        return orders.outcome(name).state();
    }

    /** Sends an order whose answer the test completes. */
    private CompletableFuture<String> open(
            OrderDelivery<String> orders, String name, CompletableFuture<String> answer) {
        return orders.give(hold(name), () -> members, wait -> {
                    given.incrementAndGet();
                    return answer;
                })
                .toCompletableFuture();
    }

    @Test
    void whoGivesAnOrderThatIsWaitedForIsAnsweredWithIt() {
        OrderDelivery<String> orders = patient();
        CompletableFuture<String> answer = new CompletableFuture<>();
        CompletableFuture<String> first = open(orders, "key:a", answer);
        CompletableFuture<String> second = give(orders, hold("key:a"), "another");
        assertThat(first).isNotDone();
        assertThat(second).isNotDone();
        assertThat(end(orders, "key:a")).isEqualTo(OrderOutcome.OrderState.WAITING);

        answer.complete("done");

        assertThat(List.of(first.join(), second.join())).containsOnly("done");
        assertThat(given).hasValue(1);
        assertThat(end(orders, "key:a")).isEqualTo(OrderOutcome.OrderState.DONE);
    }

    @Test
    void anOrderThatWasDoneIsNotGivenAgainAndIsAnsweredAlike() {
        OrderDelivery<String> orders = patient();
        give(orders, hold("key:a"), "done").join();

        assertThat(give(orders, hold("key:a"), "another").join()).isEqualTo("done");
        assertThat(given).hasValue(1);
    }

    @Test
    void anOrderThatWasRefusedIsGivenAgain() {
        OrderDelivery<String> orders = patient();
        CompletableFuture<String> refused = new CompletableFuture<>();
        refused.completeExceptionally(new StatusReply.ErrorMessage("held by ann"));
        assertThat(open(orders, "key:a", refused)).isCompletedExceptionally();
        assertThat(orders.outcome("key:a"))
                .isEqualTo(
                        new OrderOutcome("key:a", "a:1:sip:x", "hold", OrderOutcome.OrderState.REFUSED, "held by ann"));

        assertThat(give(orders, hold("key:a"))).isNotDone();
        assertThat(end(orders, "key:a")).isEqualTo(OrderOutcome.OrderState.WAITING);
        assertThat(given).hasValue(2);
    }

    @Test
    void aNameIsOfOneOrderToOneDestination() {
        OrderDelivery<String> orders = patient();
        give(orders, hold("key:a"), "done").join();

        for (OrderRequest other : List.of(
                new OrderRequest("key:a", "a:1:sip:x", "release"), new OrderRequest("key:a", "a:1:sip:y", "hold"))) {
            assertThatThrownBy(() -> give(orders, other, "done").join())
                    .hasCauseInstanceOf(StatusReply.ErrorMessage.class)
                    .hasRootCauseMessage(
                            "order: key:a (expected: another name; this one was used for: hold a:1:sip:x)");
        }
        assertThat(given).hasValue(1);
    }

    @Test
    void anAnswerThatComesLateIsRemembered() {
        OrderDelivery<String> orders = orders(LONG, Duration.ofMillis(20));
        CompletableFuture<String> answer = new CompletableFuture<>();
        CompletableFuture<String> reply = open(orders, "key:a", answer);
        assertThat(orders.mayExecute("key:a")).isTrue();
        assertThatThrownBy(reply::join).hasCauseInstanceOf(OrderOutcomeUnknownException.class);
        assertThat(end(orders, "key:a")).isEqualTo(OrderOutcome.OrderState.UNKNOWN);

        answer.complete("done");

        assertThat(end(orders, "key:a")).isEqualTo(OrderOutcome.OrderState.DONE);
        assertThat(give(orders, hold("key:a")).join()).isEqualTo("done");
    }

    @Test
    void anOrderOfUnknownOutcomeIsGivenAgain() {
        OrderDelivery<String> orders = orders(LONG, Duration.ofMillis(20));
        CompletableFuture<String> first = give(orders, hold("key:a"));
        assertThat(orders.mayExecute("key:a")).isTrue();
        assertThatThrownBy(first::join).hasCauseInstanceOf(OrderOutcomeUnknownException.class);

        assertThat(give(orders, hold("key:a"), "", "done").join()).isEqualTo("done");
        assertThat(given).hasValue(2);
        assertThat(end(orders, "key:a")).isEqualTo(OrderOutcome.OrderState.DONE);
    }

    /** A dependent of the result runs before the order is closed, as does a client that repeats the order at once. */
    @Test
    void anOrderThatIsGivenAgainWithTheResultIsANewAttempt() {
        OrderDelivery<String> orders = orders(LONG, Duration.ofMillis(20));
        CompletableFuture<String> second = give(orders, hold("key:a"))
                .handle((answer, failure) -> give(orders, hold("key:a"), "", "done"))
                .thenCompose(again -> again);
        assertThat(orders.mayExecute("key:a")).isTrue();

        assertThat(second.join()).isEqualTo("done");
        assertThat(given).hasValue(2);
    }

    @Test
    void whatNobodyTookWasNotCarriedOut() {
        OrderDelivery<String> orders = orders(Duration.ofMillis(20), LONG);
        assertThatThrownBy(give(orders, hold("key:a"))::join).hasCauseInstanceOf(OrderNotExecutedException.class);

        assertThat(orders.outcome("key:a"))
                .isEqualTo(new OrderOutcome(
                        "key:a",
                        "a:1:sip:x",
                        "hold",
                        OrderOutcome.OrderState.NOT_DONE,
                        "order: not executed (expected: an answer within 0s)"));
    }

    @Test
    void anActorMayAnswerThatTheOutcomeIsUnknown() {
        OrderDelivery<String> orders = patient();
        OrderOutcome partly =
                new OrderOutcome("o1", "a:1:sip:x", "hold", OrderOutcome.OrderState.UNKNOWN, "order: partly");

        CompletableFuture<String> answer = orders.give(hold("o1"), () -> members, wait -> {
                    return CompletableFuture.supplyAsync(
                            () -> {
                                assertThat(orders.mayExecute("o1")).isTrue();
                                throw new CompletionException(new OrderOutcomeUnknownException(partly));
                            },
                            clock);
                })
                .toCompletableFuture();

        assertThatThrownBy(answer::join).hasRootCauseInstanceOf(OrderOutcomeUnknownException.class);
        assertThat(orders.outcome("o1")).isEqualTo(partly);
    }
}
