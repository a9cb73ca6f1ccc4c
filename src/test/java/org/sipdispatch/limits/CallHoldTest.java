package org.sipdispatch.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sipdispatch.sets.LimitValues;

/** What other nodes hear of the calls that have places here. */
class CallHoldTest {
    private static final long LONGEST_MS = 1000;

    private final CallLimits one = limits("one");
    private final CallLimits other = limits("other");
    private final CallNews news = new CallNews(true);
    private final List<String> heard = new ArrayList<>();

    CallHoldTest() {
        news.passTo(receiver());
    }

    private static CallLimits limits(String name) {
        LimitValues values = LimitValues.of(9, 0, 0);
        return new CallLimits(name, CallLimits.Kind.DESTINATION, values, values, 0);
    }

    private CallNews.Receiver receiver() {
        return new CallNews.Receiver() {
            @Override
            public void told(AnsweredCall call, Runnable known) {
                heard.add("told " + call.key() + call.limits());
                known.run();
            }

            @Override
            public void answered(AnsweredCall call) {
                heard.add("answered " + call.key() + call.limits());
            }

            @Override
            public void ended(long key) {
                heard.add("ended " + key);
            }
        };
    }

    private CallHold hold(CallLimits limits) {
        limits.force();
        return new CallHold(List.of(limits), news);
    }

    @Test
    void aCallIsToldAndAnsweredAndEnds() {
        CallHold hold = hold(one);
        hold.tell(7, () -> heard.add("known"));
        hold.answered(7, LONGEST_MS);
        hold.done();
        assertThat(heard).containsExactly("told 7[one]", "known", "answered 7[one]");
        assertThat(news.has(7)).isTrue();
        assertThat(one.used()).isEqualTo(1);

        hold.ended();

        assertThat(heard).endsWith("ended 7");
        assertThat(news.has(7)).isFalse();
        assertThat(one.used()).isZero();
    }

    @Test
    void oneThatIsToldAndNotAnsweredHasEnded() {
        CallHold hold = hold(one);
        hold.tell(7, () -> {});

        hold.done();

        assertThat(heard).containsExactly("told 7[one]", "ended 7");
        hold.use();
        hold.answered(7, LONGEST_MS);
        assertThat(heard).endsWith("answered 7[one]");
    }

    @Test
    void aJoinedCallIsNewsAgain() {
        CallHold hold = hold(one);
        CallHold second = hold(other);
        hold.answered(7, LONGEST_MS);

        hold.join(second);
        second.done();
        hold.done();

        assertThat(heard).containsExactly("answered 7[one]", "answered 7[one, other]");
        assertThat(other.used()).isEqualTo(1);
        hold.ended();
        assertThat(other.used()).isZero();
        assertThat(one.used()).isZero();
    }

    @Test
    void theOtherBranchOfAForkGivesItsPlaceBackWithoutEndingTheCall() {
        CallHold hold = hold(one);
        CallHold branch = hold(one);
        hold.answered(7, LONGEST_MS);
        branch.tell(7, () -> {});

        hold.join(branch);
        branch.done();

        assertThat(heard).doesNotContain("ended 7");
        assertThat(one.used()).isEqualTo(1);
    }

    @Test
    void callsOfATimeWithoutAReceiverAreToldAtItsEnd() {
        news.passTo(null);
        CallHold first = hold(one);
        first.answered(7, LONGEST_MS);
        CallHold second = hold(other);
        second.answered(8, LONGEST_MS);
        first.ended();
        second.tell(9, () -> heard.add("known"));
        assertThat(heard).containsExactly("known");

        news.passTo(receiver());

        assertThat(heard).contains("answered 8[other]").doesNotContain("answered 7[one]");
        assertThat(news.endedLately(1)).containsExactly(7L);
    }

    @Test
    void aLateAnswerTakesBothPlacesAgain() {
        CallHold ofDestination = hold(one);
        CallHold ofSource = hold(other);
        ofDestination.done();
        ofSource.done();

        ofDestination.answered(7, LONGEST_MS);
        ofDestination.join(ofSource);
        ofDestination.join(ofSource);

        assertThat(one.used()).isEqualTo(1);
        assertThat(other.used()).isEqualTo(1);
        assertThat(heard).endsWith("answered 7[one, other]");
        ofDestination.ended();
        assertThat(one.used()).isZero();
        assertThat(other.used()).isZero();
    }

    @Test
    void aLateAnswerThatBeginsNoCallIsForgotten() {
        CallHold hold = hold(one);
        hold.done();
        hold.tell(7, () -> {});

        hold.succeeded();
        hold.settled();

        assertThat(heard).containsExactly("told 7[one]", "ended 7");
        assertThat(news.has(7)).isFalse();
    }
}
