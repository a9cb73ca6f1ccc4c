package org.sipdispatch.observation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sipdispatch.destination.Observation;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;

class LocalOutageDetectorTest {
    private static final SetId SET = new SetId("default", 1);

    private final Destination d1 = destination("sip:d1");
    private final Destination d2 = destination("sip:d2");
    private final Destination d3 = destination("sip:d3");
    private final LocalOutageDetector suspicion = new LocalOutageDetector();

    private static Destination destination(String uri) {
        return new Destination("default", 1, uri, null, 1, 0, "", "");
    }

    private void usable(Destination... destinations) {
        suspicion.replace(List.of(SetView.of(
                SET,
                Arrays.asList(d1, d2, d3).stream()
                        .map(one -> new SetView.SetMember(
                                one, Arrays.asList(destinations).contains(one)))
                        .toList())));
    }

    private static Observation silent(Destination destination, int strikes) {
        return new Observation(destination, 0, strikes, strikes, true, 408);
    }

    private static Observation refused(Destination destination) {
        return new Observation(destination, 0, 1, 1, false, 500);
    }

    private static Observation answered(Destination destination) {
        return new Observation(destination, 1, 0, 0, false, 0);
    }

    private static Observation unstruck(Observation seen) {
        return new Observation(seen.destination(), seen.succeeded(), seen.failed(), 0, seen.silent(), seen.code());
    }

    private List<Observation> at(long nowMs, Observation... seen) {
        return suspicion.evaluate(List.of(seen), nowMs);
    }

    @Test
    void allUsableDestinationsSilentAtOnceAreNotToBlame() {
        usable(d1, d2);

        assertThat(at(0, silent(d1, 2))).isEmpty();
        assertThat(at(900, silent(d2, 3))).isEmpty();
        assertThat(suspicion.suspects()).isEmpty();
        assertThat(at(1_000)).containsExactly(unstruck(silent(d1, 2)), unstruck(silent(d2, 3)));

        assertThat(suspicion.suspects()).containsExactly(SET);
        assertThat(suspicion.withheld()).isEqualTo(5);
        assertThat(at(1_100, silent(d1, 1))).containsExactly(unstruck(silent(d1, 1)));
    }

    @Test
    void oneThatAnswersPutsTheBlameOnTheOthers() {
        usable(d1, d2, d3);

        at(0, silent(d1, 1), silent(d2, 1));
        assertThat(at(500, answered(d3))).containsExactly(answered(d3));

        assertThat(at(1_000)).containsExactly(silent(d1, 1), silent(d2, 1));
        assertThat(suspicion.suspects()).isEmpty();
    }

    @Test
    void oneOfWhichNothingWasHeardPutsTheBlameOnTheOthers() {
        usable(d1, d2, d3);

        at(0, silent(d1, 1), silent(d2, 1));

        assertThat(at(1_000)).containsExactly(silent(d1, 1), silent(d2, 1));
    }

    @Test
    void aSetOfOneIsToBlame() {
        usable(d1);

        at(0, silent(d1, 1));

        assertThat(at(1_000)).containsExactly(silent(d1, 1));
    }

    @Test
    void aRefusalIsASignOfLife() {
        usable(d1, d2);

        at(0, silent(d1, 1));
        assertThat(at(100, refused(d2))).containsExactly(refused(d2));

        assertThat(at(1_000)).containsExactly(silent(d1, 1));
    }

    @Test
    void aDestinationThatAnswersAfterItsStrikesIsReportedInThatOrder() {
        usable(d1, d2);

        at(0, silent(d1, 2));

        assertThat(at(100, answered(d1))).containsExactly(silent(d1, 2), answered(d1));
        assertThat(at(1_000)).isEmpty();
    }

    @Test
    void theSuspicionEndsWithTheFirstSignOfLife() {
        usable(d1, d2);
        at(0, silent(d1, 1), silent(d2, 1));
        at(1_000);

        at(2_000, answered(d2));

        assertThat(suspicion.suspects()).isEmpty();
        at(2_100, silent(d1, 1));
        assertThat(at(3_100)).containsExactly(silent(d1, 1));
    }

    @Test
    void theSuspicionEndsWhenNothingFailsAnyMore() {
        usable(d1, d2);
        at(0, silent(d1, 1), silent(d2, 1));
        at(1_000);

        at(29_999);
        assertThat(suspicion.suspects()).isNotEmpty();
        at(30_000);

        assertThat(suspicion.suspects()).isEmpty();
    }

    @Test
    void successesBeforeTheFailuresDoNotHideThem() {
        usable(d1, d2);

        at(0, new Observation(d1, 5, 1, 1, true, 503), new Observation(d2, 5, 1, 1, true, 503));
        at(1_000);

        assertThat(suspicion.suspects()).containsExactly(SET);
    }

    @Test
    void otherSetsAreNotConcerned() {
        usable(d1, d2);
        Destination elsewhere = new Destination("default", 2, "sip:d1", null, 1, 0, "", "");

        assertThat(at(0, silent(elsewhere, 1))).containsExactly(silent(elsewhere, 1));
        suspicion.replace(List.of());
        assertThat(at(0, silent(d1, 1))).containsExactly(silent(d1, 1));
    }
}
