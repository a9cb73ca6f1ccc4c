package org.sipdispatch.destination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.destination.DestinationState.ACTIVE;
import static org.sipdispatch.destination.DestinationState.INACTIVE;
import static org.sipdispatch.destination.DestinationState.PROBING;
import static org.sipdispatch.destination.Samples.GOOD;
import static org.sipdispatch.destination.Samples.SILENT;
import static org.sipdispatch.destination.Samples.strikes;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A destination's actor while its node may not decide for the cluster, and after another actor has taken over. */
class DestinationActorMembershipTest {
    private static final String MODE_ONE = "ds_ping_interval = 10, ds_probing_mode = 1";
    private static final Status HELD =
            new Status(new StatusVersion(4, 9, 1), true, false, false, 0, 0, false, 5, "bob", "broken");

    private final ActorFixture at = new ActorFixture();
    private final TestProbe<Object> watch = at.kit.createTestProbe();
    private final AtomicReference<DestinationJournal.Open> opened = new AtomicReference<>();
    private final List<JournalEntry> written = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        at.close();
    }

    private Behavior<DestinationJournal.Command> journal() {
        return Behaviors.receiveMessage(command -> {
            if (command instanceof DestinationJournal.Open open) {
                opened.set(open);
            } else if (command instanceof DestinationJournal.WriteEntry write) {
                written.add(write.recorded());
            }
            return Behaviors.same();
        });
    }

    private void startWithAJournal() {
        at.journal = id -> journal();
        at.start(MODE_ONE, ACTIVE);
        Awaitility.await().until(() -> opened.get() != null);
        journalSays(new DestinationJournal.Ready(null, 0));
        at.report();
    }

    private void journalSays(DestinationJournal.Reply answer) {
        opened.get().parent().tell(answer);
    }

    private void order(DestinationState state) {
        at.actor.tell(new DestinationActor.SetState(state, "alice", "said so", at.replies.getRef()));
    }

    private void may(boolean decide) {
        at.membership.current = decide;
    }

    /** Confirms the node and lets its actor check again. */
    private void mayAgain() {
        may(true);
        at.step(50);
        at.report();
    }

    private void standsStill() {
        at.membership.pauses.incrementAndGet();
    }

    private void isOver() {
        watch.expectTerminated(at.actor, Duration.ofSeconds(10));
    }

    @Test
    void whileItMayNotDecideNoPingIsSent() {
        at.always = GOOD;
        at.start(MODE_ONE, ACTIVE).pass(10_000);
        assertThat(at.pings).hasSize(1);
        may(false);

        at.step(30_000);
        at.report();
        assertThat(at.pings).hasSize(1);

        mayAgain();
        at.pass(10_000);
        assertThat(at.pings).hasSize(2);
        assertThat(at.report().lastPing()).isEqualTo(GOOD);
    }

    /** The lane does not send it then. */
    @Test
    void aPingHasTheNumberOfPausesBeforeTheCheck() {
        at.always = GOOD;
        at.start(MODE_ONE, ACTIVE).report();
        standsStill();
        at.pass(10_000);
        at.membership.pausesAfterCheck = true;

        at.pass(10_000);

        assertThat(at.pings).extracting(ActorFixture.Sent::pausesSinceCheck).containsExactly(0L, 1L);
    }

    @Test
    void whileItMayNotDecideNothingIsPublishedAndEvidenceIsDropped() {
        at.start(MODE_ONE, ACTIVE).report();
        int published = at.published.size();
        may(false);

        at.observe(strikes(9, false, 503), "there");
        at.define(PROBING, 2);
        at.actor.tell(new DestinationActor.ProbeNow("alice", at.probed.getRef()));
        order(INACTIVE);

        assertThat(at.status().failures()).isZero();
        assertThat(at.published).hasSize(published);
        assertThat(at.pings).isEmpty();
        assertThat(at.events).isEmpty();
        at.replies.expectNoMessage(Duration.ZERO);
        mayAgain();
        assertThat(at.transitions()).containsExactly("ACTIVE>INACTIVE alice");
        assertThat(at.status().failures()).isZero();
    }

    @Test
    void anOrderThatComesWhileItMayNotDecideWaitsAndIsExecutedAfterwards() {
        at.start(MODE_ONE, ACTIVE).report();
        may(false);
        order(INACTIVE);
        order(ACTIVE);
        at.report();
        at.step(3_000);
        assertThat(at.status().state()).isEqualTo(ACTIVE);

        mayAgain();

        assertThat(at.replies.receiveMessage().getValue().state()).isEqualTo(INACTIVE);
        assertThat(at.replies.receiveMessage().getValue().state()).isEqualTo(ACTIVE);
        assertThat(at.transitions()).containsExactly("ACTIVE>INACTIVE alice", "INACTIVE>ACTIVE alice");
    }

    @Test
    void aRemovalWaitsToo() {
        at.start(MODE_ONE, ACTIVE).report();
        may(false);
        at.actor.tell(new DestinationActor.Remove(2, "bob", "reload"));
        assertThat(at.status().removed()).isFalse();

        may(true);
        at.step(50);

        isOver();
        assertThat(at.replicated.removed()).isTrue();
    }

    @Test
    void aPingThatWasUnderWayDuringAPauseIsNoEvidence() {
        at.start(MODE_ONE, ACTIVE).pass(10_000);
        assertThat(at.pings).hasSize(1);
        standsStill();

        at.end(SILENT);

        assertThat(at.status().failures()).isZero();
        assertThat(at.report().lastPing()).isNull();
        at.pass(10_000);
        at.end(SILENT);
        assertThat(at.status().failures()).isEqualTo(1);
    }

    @Test
    void aPingThatEndsWhileItMayNotDecideIsNoEvidence() {
        at.start(MODE_ONE, ACTIVE).pass(10_000);
        may(false);

        at.end(SILENT);
        at.report();
        mayAgain();

        assertThat(at.status().failures()).isZero();
        at.pass(10_000);
        assertThat(at.pings).hasSize(2);
    }

    @Test
    void theSenderOfAPingOrderThatAPauseSpoiledGetsAReply() {
        at.start("", PROBING);
        at.actor.tell(new DestinationActor.ProbeNow("alice", at.probed.getRef()));
        at.report();
        standsStill();

        at.report();

        assertThat(at.probed.receiveMessage().getValue().underWay()).isTrue();
    }

    @Test
    void anActorThatAnotherOneHasSupersededEndsBeforeItHandlesAnOrder() {
        at.start(MODE_ONE, ACTIVE).report();
        int published = at.published.size();
        at.newest = new StatusVersion(9, 0, 1);

        order(INACTIVE);

        isOver();
        at.replies.expectNoMessage(Duration.ZERO);
        assertThat(at.published).hasSize(published);
        assertThat(at.events).isEmpty();
    }

    /** The node of the other actor was paused, or cut off, before the others knew of the term. */
    @Test
    void ofTwoThatBeganTheSameTermTheOneThatMayDecideBeginsALaterTermWithItsOrders() {
        at.start(MODE_ONE, ACTIVE).report();
        assertThat(at.set(INACTIVE).getValue().version()).isEqualTo(new StatusVersion(1, 1, 7));
        at.newest = new StatusVersion(1, 0, 8);
        assertThat(at.status().version()).isEqualTo(new StatusVersion(1, 1, 7));

        another(new StatusVersion(1, 5, 8));
        at.report();

        assertThat(at.status().version()).isEqualTo(new StatusVersion(2, 1, 7));
        assertThat(at.status().held()).isTrue();
        assertThat(at.status().who()).isEqualTo("alice");
        assertThat(at.replicated).isEqualTo(at.status());
    }

    @Test
    void anActorWithoutChangesBeginsALaterTermWithTheStatusOfTheOtherOne() {
        at.start(MODE_ONE, ACTIVE).report();

        another(new StatusVersion(1, 5, 8));
        at.report();

        assertThat(at.status()).isEqualTo(HELD.withVersion(new StatusVersion(2, 1, 7)));
    }

    @Test
    void ofTwoThatBeganTheSameTermTheOneThatMayNotDecideBeginsNone() {
        at.start(MODE_ONE, ACTIVE).report();
        int published = at.published.size();
        may(false);

        another(new StatusVersion(1, 5, 8));
        at.report();
        at.report();

        assertThat(at.published).hasSize(published);
        assertThat(at.localReads).hasValue(0);
    }

    private void another(StatusVersion version) {
        at.replicated = HELD.withVersion(version);
        at.newest = version;
    }

    @Test
    void anotherActorsRecordOfTheSameTermInItsJournalIsFollowedByALaterTerm() {
        startWithAJournal();
        at.set(INACTIVE);

        journalSays(new DestinationJournal.Ready(HELD.withVersion(new StatusVersion(1, 1, 8)), 1));

        assertThat(at.status().version()).isEqualTo(new StatusVersion(2, 1, 7));
        assertThat(at.status().who()).isEqualTo("alice");
    }

    @Test
    void anActorThatFindsAStatusOfAnotherOneInItsJournalEnds() {
        startWithAJournal();
        at.set(INACTIVE);
        int published = at.published.size();

        // The write failed because another actor has written since.
        journalSays(new DestinationJournal.Ready(HELD, 1));

        isOver();
        assertThat(at.published).hasSize(published);
        assertThat(at.replicated.version()).isEqualTo(new StatusVersion(1, 1, 7));
    }

    @Test
    void whileItMayNotDecideWhatItsJournalKnowsMakesNoNewTerm() {
        at.journal = id -> journal();
        at.start(MODE_ONE, ACTIVE);
        Awaitility.await().until(() -> opened.get() != null);
        at.step(10_000);
        at.report();
        int published = at.published.size();
        may(false);

        journalSays(new DestinationJournal.Ready(HELD, 1));
        at.report();
        assertThat(at.published).hasSize(published);

        mayAgain();
        assertThat(at.status().version()).isEqualTo(new StatusVersion(5, 1, 7));
        assertThat(at.status().held()).isTrue();
    }

    @Test
    void whileItMayNotDecideAReplicatedStatusMakesNoNewTerm() {
        at.replicatorAnswers = false;
        at.start(MODE_ONE, ACTIVE);
        at.step(2_500);
        at.report();
        int published = at.published.size();
        may(false);

        at.pendingReads.get(0).accept(HELD);
        at.report();
        assertThat(at.published).hasSize(published);

        mayAgain();
        assertThat(at.status().version()).isEqualTo(new StatusVersion(5, 1, 7));
        assertThat(at.status().held()).isTrue();
    }

    @Test
    void whileItMayNotDecideNothingIsWrittenDown() {
        startWithAJournal();
        at.set(INACTIVE);
        Awaitility.await().until(() -> written.size() == 1);
        at.set(ACTIVE);
        may(false);
        journalSays(new DestinationJournal.Saved(written.get(0).status().version()));
        assertThat(at.report().unsaved()).isEqualTo(2);
        at.step(50);
        at.report();
        assertThat(written).hasSize(1);

        order(INACTIVE);
        at.report();
        mayAgain();

        Awaitility.await().until(() -> written.size() == 2);
    }

    @Test
    void anActorThatStopsWhileItMayNotDecideConfirmsNothing() {
        at.replicatorConfirms = false;
        at.start(MODE_ONE, ACTIVE);
        order(INACTIVE);
        at.report();
        may(false);

        at.actor.tell(DestinationActor.Stop.INSTANCE);

        Awaitility.await().untilAsserted(() -> {
            at.step(10_000);
            watch.expectTerminated(at.actor, Duration.ofSeconds(1));
        });
        at.replies.expectNoMessage(Duration.ZERO);
    }

    @Test
    void noTermBeginsWhileTheNodeMayNotDecide() {
        may(false);
        at.start(MODE_ONE, ACTIVE);
        order(INACTIVE);
        Awaitility.await().until(() -> at.clockAsked.get() > 0);
        at.step(3_000);
        assertThat(at.published).isEmpty();
        at.replies.expectNoMessage(Duration.ZERO);

        may(true);
        at.step(50);

        assertThat(at.replies.receiveMessage().getValue().version()).isEqualTo(new StatusVersion(1, 1, 7));
        assertThat(at.published).hasSize(2);
    }

    @Test
    void theReplicatedStatusIsReadAgainAfterAPauseBeforeATermBegins() {
        may(false);
        at.replicated = new Status(new StatusVersion(3, 0, 2), false, false, false, 0, 0, false, 5, "table", "state 0");
        at.start(MODE_ONE, ACTIVE);
        Awaitility.await().until(() -> at.membership.asked.get() > 0);
        standsStill();
        at.replicated = HELD;

        may(true);
        at.step(50);

        assertThat(at.status())
                .isEqualTo(new Status(new StatusVersion(5, 0, 7), true, false, false, 0, 0, false, 5, "bob", "broken"));
    }

    @Test
    void whereTheReplicatorDoesNotAnswerAfterAPauseTheOldStatusCounts() {
        may(false);
        at.replicated = HELD;
        at.start(MODE_ONE, ACTIVE);
        Awaitility.await().until(() -> at.membership.asked.get() > 0);
        standsStill();
        at.replicatorAnswers = false;

        may(true);
        at.step(50);
        Awaitility.await().until(() -> at.pendingReads.size() == 1);
        assertThat(at.published).isEmpty();
        at.step(2_500);

        assertThat(at.status().version()).isEqualTo(new StatusVersion(5, 0, 7));
    }
}
