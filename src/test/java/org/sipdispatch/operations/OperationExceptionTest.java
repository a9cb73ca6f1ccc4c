package org.sipdispatch.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.orders.OrderOutcome;
import org.sipdispatch.orders.OrderOutcomeUnknownException;

/** The messages for refused orders and for orders with an unknown outcome. */
class OperationExceptionTest {
    private static OperationException refusal(Throwable failure) {
        return (OperationException) OperationContext.refusal(new CompletionException(failure));
    }

    @Test
    void silenceHasWords() {
        OperationException refusal = refusal(new TimeoutException());

        assertThat(refusal).hasMessage("answer: none in time (expected: one)");
        assertThat(refusal.reason().status()).isEqualTo(503);
    }

    @ParameterizedTest
    @EnumSource
    void everyKindHasWords(OperationException.RefusalReason reason) {
        assertThat(new OperationException(reason, null).getMessage()).isNotBlank();
        assertThat(new OperationException(reason, "").getMessage()).isNotBlank();
        assertThat(new OperationException(reason, "so").getMessage()).isEqualTo("so");
    }

    @Test
    void whoeverIsBusyIsToBeAskedAgain() {
        assertThat(refusal(new RejectedExecutionException("lane 0: busy")).reason())
                .isEqualTo(OperationException.RefusalReason.UNAVAILABLE);
    }

    @Test
    void theHistoryCallsAnOrderRefusedThatWasNotSent() {
        assertThat(OperationContext.entryText("", new TimeoutException("node: not in the cluster now"), OrderKey.NONE))
                .isEqualTo("refused: node: not in the cluster now");
    }

    @Test
    void anOrderOfUnknownOutcomeIsNoRefusalAndSaysHowToAskForIt() {
        OrderOutcome outcome = new OrderOutcome(
                "key:a", "default:1:sip:x", "hold", OrderOutcome.OrderState.UNKNOWN, "order: not known");

        assertThat(OperationContext.refusal(new CompletionException(new OrderOutcomeUnknownException(outcome))))
                .isInstanceOfSatisfying(
                        UnknownOutcomeException.class,
                        unknown -> assertThat(unknown.outcome()).isEqualTo(outcome));
        assertThat(OperationContext.entryText(
                        "repair", new OrderOutcomeUnknownException(outcome), OrderKey.of("key", "a")))
                .isEqualTo("repair; order: not known; order key:a");
    }

    @Test
    void theEntryOfARefusedOrderHasItsKeyHoweverLongTheReasonIs() {
        OrderKey key = OrderKey.of("key", "ticket-1");
        OperationException refused = OperationException.unknown("destination", "x".repeat(400), "one that is defined");

        assertThat(OperationContext.entryText("", new TimeoutException("node: not in the cluster now"), key))
                .isEqualTo("refused: node: not in the cluster now; order key:ticket-1");
        assertThat(OperationContext.entryText("repair", refused, key))
                .startsWith("repair; refused: destination: xxx")
                .endsWith("xxx; order key:ticket-1")
                .hasSize(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "a b", "\u00e4", "a\tb", "12345678901234567890123456789012345678901234567890123456789012345"
            })
    void aKeyIsShortAndOneWord(String text) {
        assertThatThrownBy(() -> OrderKey.of("Idempotency-Key", text))
                .hasMessageStartingWith("Idempotency-Key: ")
                .hasMessageEndingWith(" (expected: 1 to 64 printable ASCII characters, no blanks)");
    }

    @Test
    void aRequestThatIsLongerThanAnyDatagramIsNotExplained() {
        ExplainRoute pick = new ExplainRoute(new OperationContext());

        assertThatThrownBy(() -> pick.answer(new byte[65_537], new InetSocketAddress("127.0.0.1", 5060), null))
                .hasMessage("body: 65537 bytes (expected: 65536 at most)")
                .isInstanceOfSatisfying(
                        OperationException.class,
                        refused -> assertThat(refused.reason().status()).isEqualTo(413));
    }
}
