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
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DestinationActorTest {
    private static final String MODE_ONE = "ds_ping_interval = 10, ds_probing_mode = 1";

    private final ActorFixture at = new ActorFixture();

    @AfterEach
    void close() {
        at.close();
    }

    @Test
    void itIsPingedOnceAnInterval() {
        at.always = GOOD;
        at.start(MODE_ONE, ACTIVE).pass(40_000);

        assertThat(at.pings).hasSize(4);
        assertThat(IntStream.range(1, 4)
                        .mapToLong(i ->
                                at.pings.get(i).atMs() - at.pings.get(i - 1).atMs()))
                .containsOnly(10_000L);
        assertThat(at.report().lastPing()).isEqualTo(GOOD);
        assertThat(at.report().nextPingAtMs()).isEqualTo(at.pings.get(3).atMs() + 10_000);
        assertThat(at.transitions()).isEmpty();
    }

    @Test
    void threeSilentPingsTakeItOutAndAGoodOneBringsItBack() {
        at.always = SILENT;
        at.start(MODE_ONE, ACTIVE).pass(30_000);

        assertThat(at.status().state()).isEqualTo(PROBING);

        at.always = GOOD;
        at.pass(10_000);

        assertThat(at.transitions()).containsExactly("ACTIVE>PROBING probe", "PROBING>ACTIVE probe");
        assertThat(at.published).isSortedAccordingTo((a, b) -> a.version().compareTo(b.version()));
    }

    @Test
    void inModeZeroOnlyAProbingOneIsPinged() {
        at.always = GOOD;
        at.start("ds_ping_interval = 10", ACTIVE).pass(30_000);
        assertThat(at.pings).isEmpty();
        assertThat(at.report().nextPingAtMs()).isZero();

        at.set(PROBING);
        at.pass(30_000);

        assertThat(at.pings).hasSize(1);
        assertThat(at.transitions()).containsExactly("ACTIVE>PROBING alice", "PROBING>ACTIVE probe");
    }

    @Test
    void twoPingsAreNeverUnderWay() {
        at.start(MODE_ONE + ", ping-timeout = 25s", ACTIVE).pass(29_000);
        assertThat(at.pings).hasSize(1);

        at.end(GOOD);
        at.pass(10_000);

        assertThat(at.pings).hasSize(2);
    }

    @Test
    void aPingThatNobodyTellsTheEndOfIsForgotten() {
        at.start(MODE_ONE, ACTIVE).pass(40_000);

        assertThat(at.pings).hasSize(4);
        assertThat(at.status().failures()).isZero();
    }

    @Test
    void theEndOfAPingThatWasSentBeforeAHoldDoesNotCount() {
        at.start(MODE_ONE, ACTIVE).pass(10_000);
        at.set(INACTIVE);

        at.end(GOOD);
        assertThat(at.status().state()).isEqualTo(INACTIVE);
        at.pass(30_000);
        assertThat(at.pings).hasSize(1);

        at.set(ACTIVE);
        at.end(SILENT);
        assertThat(at.status().failures()).isZero();
    }

    @Test
    void anOperatorIsAnsweredAndMayNotSetToProbingWhatIsHeld() {
        at.start(MODE_ONE, ACTIVE);

        assertThat(at.set(INACTIVE).getValue().state()).isEqualTo(INACTIVE);
        assertThat(at.set(PROBING).getError()).hasMessage("held by alice: release it first, or set it active");

        at.actor.tell(new DestinationActor.Release("bob", "done", at.replies.getRef()));
        assertThat(at.replies.receiveMessage().getValue().state()).isEqualTo(ACTIVE);
        assertThat(at.transitions()).containsExactly("ACTIVE>INACTIVE alice", "INACTIVE>ACTIVE bob");
    }

    @Test
    void aProbeAtOnceIsAnsweredWhenThePingHasEnded() {
        at.start("", PROBING);
        at.actor.tell(new DestinationActor.ProbeNow("alice", at.probed.getRef()));
        at.report();

        at.end(GOOD);

        DestinationActor.Probed probed = at.probed.receiveMessage().getValue();
        assertThat(probed.status().state()).isEqualTo(ACTIVE);
        assertThat(probed.underWay()).isFalse();
    }

    @Test
    void aProbeOfAHeldDestinationShowsItsAnswerAndChangesNothing() {
        at.start(MODE_ONE + ", ds_probing_threshhold = 1", ACTIVE);
        at.set(INACTIVE);
        Status held = at.status();
        at.actor.tell(new DestinationActor.ProbeNow("alice", at.probed.getRef()));
        at.report();

        at.end(SILENT);

        DestinationActor.Probed probed = at.probed.receiveMessage().getValue();
        assertThat(probed.status()).isEqualTo(held);
        assertThat(probed.underWay()).isFalse();
        assertThat(at.report().lastPing()).isEqualTo(SILENT);
        at.pass(30_000);
        assertThat(at.pings).hasSize(1);
        assertThat(at.status()).isEqualTo(held);
    }

    @Test
    void theReplyToAPingOrderThatTakesLongSaysThatItIsUnderWay() {
        at.start("ping-timeout = 30s", PROBING);
        at.actor.tell(new DestinationActor.ProbeNow("alice", at.probed.getRef()));
        at.report();

        at.step(3_000);

        DestinationActor.Probed probed = at.probed.receiveMessage().getValue();
        assertThat(probed.underWay()).isTrue();
        assertThat(probed.status().state()).isEqualTo(PROBING);
        at.end(GOOD);
        assertThat(at.status().state()).isEqualTo(ACTIVE);
        at.probed.expectNoMessage(Duration.ZERO);
    }

    @Test
    void othersAreAskedTogetherWithThePingThatMayDecide() {
        at.always = SILENT;
        at.others = 2;
        at.start(MODE_ONE, ACTIVE).pass(20_000);
        assertThat(at.asked).isEmpty();

        at.always = null;
        at.pass(10_000);
        assertThat(at.asked).hasSize(2);
        at.opinion(0, GOOD);
        at.end(SILENT);
        assertThat(at.status().state()).isEqualTo(ACTIVE);
        at.opinion(1, SILENT);

        assertThat(at.status().state()).isEqualTo(PROBING);
        assertThat(at.report().opinions()).hasSize(2);
    }

    @Test
    void whatOthersReachStaysInRotationAndIsAskedForAgain() {
        at.always = SILENT;
        at.others = 2;
        at.start(MODE_ONE, ACTIVE).pass(30_000);
        at.opinion(0, GOOD);
        at.opinion(1, GOOD);

        assertThat(at.report().disputed()).isTrue();
        assertThat(at.status().state()).isEqualTo(ACTIVE);
        assertThat(at.status().failures()).isEqualTo(2);

        at.pass(10_000);
        assertThat(at.asked).hasSize(4);
        at.always = GOOD;
        at.opinion(2, GOOD);
        at.opinion(3, GOOD);
        at.pass(10_000);

        assertThat(at.report().disputed()).isFalse();
        assertThat(at.transitions()).isEmpty();
    }

    @Test
    void whereNobodyAnswersInTimeTheNodeDecidesAlone() {
        at.always = SILENT;
        at.others = 2;
        at.start(MODE_ONE, ACTIVE).pass(30_000);
        assertThat(at.asked).hasSize(2);
        assertThat(at.status().state()).isEqualTo(ACTIVE);

        at.pass(3_300);

        assertThat(at.status().state()).isEqualTo(PROBING);
    }

    @Test
    void withAThresholdOfOneOthersAreAskedAfterTheFailure() {
        at.others = 1;
        at.start(MODE_ONE + ", ds_probing_threshhold = 1", ACTIVE).pass(10_000);
        assertThat(at.asked).isEmpty();

        at.end(SILENT);
        at.report();
        at.opinion(0, GOOD);

        assertThat(at.report().disputed()).isTrue();
        assertThat(at.status().state()).isEqualTo(ACTIVE);
    }

    @Test
    void silenceInTrafficIsConfirmedByThisNodeAndOthers() {
        at.others = 1;
        at.start(MODE_ONE, ACTIVE);
        at.observe(strikes(3, true, 408), "there");
        at.report();
        assertThat(at.pings).hasSize(1);
        assertThat(at.asked).hasSize(1);

        at.opinion(0, GOOD);
        at.end(GOOD);

        assertThat(at.status().state()).isEqualTo(ACTIVE);
        assertThat(at.status().failures()).isEqualTo(2);
        assertThat(at.report().disputed()).isTrue();
    }

    @Test
    void repliesInTrafficNeedNoConfirmation() {
        at.others = 2;
        at.start(MODE_ONE, ACTIVE);

        at.observe(strikes(3, false, 503), "there");

        assertThat(at.transitions()).containsExactly("ACTIVE>PROBING traffic");
        assertThat(at.asked).isEmpty();
    }

    @Test
    void aBusyOneTakesNoNewCallsUntilItIsFree() {
        at.always = Samples.replied(503);
        at.start("ds_ping_interval = 10, ds_probing_mode = 1, busy-reply-codes = \"503\"", ACTIVE)
                .pass(10_000);
        assertThat(at.status().takesTraffic()).isFalse();

        at.always = GOOD;
        at.pass(10_000);

        assertThat(at.transitions()).containsExactly("ACTIVE>ACTIVE+busy probe", "ACTIVE>ACTIVE probe");
    }

    @Test
    void itGoesOnWithTheReplicatedStatusInATermOfItsOwn() {
        at.replicated = new Status(new StatusVersion(4, 9, 1), true, false, false, 1, 0, false, 5, "bob", "broken");
        at.start(MODE_ONE, ACTIVE);

        assertThat(at.status())
                .isEqualTo(new Status(new StatusVersion(5, 0, 7), true, false, false, 1, 0, false, 5, "bob", "broken"));
        assertThat(at.published).containsExactly(at.status());
        assertThat(at.events).isEmpty();
    }

    @Test
    void aSlowReplicatorIsNotWaitedForLongAndCountsWhenItAnswers() {
        at.replicatorAnswers = false;
        at.start(MODE_ONE, ACTIVE);
        at.step(2_500);
        assertThat(at.status().version()).isEqualTo(new StatusVersion(1, 0, 7));

        at.pendingReads
                .get(0)
                .accept(new Status(new StatusVersion(4, 9, 1), true, false, false, 1, 0, false, 5, "bob", "x"));

        assertThat(at.status().version()).isEqualTo(new StatusVersion(5, 1, 7));
        assertThat(at.transitions()).containsExactly("ACTIVE>INACTIVE bob");
    }

    @Test
    void aReplicatedStatusDoesNotWaitForItsJournal() {
        at.journal = id -> Behaviors.ignore();
        at.replicated = new Status(new StatusVersion(4, 9, 1), true, false, false, 1, 0, false, 5, "bob", "broken");
        at.start(MODE_ONE, ACTIVE);

        assertThat(at.status().held()).isTrue();
    }

    @Test
    void whatADeadNodePingedIsPingedAtOnceAndWhatIsHandedOverInItsSlot() {
        Status left = new Status(new StatusVersion(4, 9, 1), false, false, false, 0, 0, false, 5, "table", "");
        at.replicated = left;
        at.start(MODE_ONE, ACTIVE).report();
        at.step(500);
        at.report();
        assertThat(at.pings).isEmpty();

        ActorFixture other = new ActorFixture();
        other.dead = 1;
        other.replicated = left;
        other.start(MODE_ONE, ACTIVE).report();
        other.step(500);
        other.report();
        assertThat(other.pings).hasSize(1);
        other.kit.shutdownTestKit();
    }

    @Test
    void anUnknownDestinationIsNotPublishedAsTakingCallsWhileItsJournalMayKnowBetter() {
        at.journal = id -> Behaviors.ignore();
        at.start(MODE_ONE, ACTIVE);

        at.time.timePasses(Duration.ofSeconds(9));
        assertThat(at.published).isEmpty();

        at.step(1_000);
        assertThat(at.status().version()).isEqualTo(new StatusVersion(1, 0, 7));
    }

    @Test
    void whatTheNodesKnowAndTheJournalDoesNotIsWrittenByTheNextActor() {
        Status before = new Status(new StatusVersion(4, 8, 1), false, false, false, 2, 0, false, 3, "table", "state 0");
        Status unwritten =
                new Status(new StatusVersion(4, 9, 1), false, true, false, 3, 0, false, 5, "probe", "no reply");
        List<JournalEntry> written = new CopyOnWriteArrayList<>();
        at.journal = id -> journal(before, written);
        at.replicated = unwritten;
        at.start(MODE_ONE, ACTIVE).report();

        Awaitility.await().until(() -> !written.isEmpty());
        assertThat(written).containsExactly(new JournalEntry(JournalEntry.ChangeCause.TRANSITION, unwritten, 5));
    }

    @Test
    void whatTheJournalHasIsNotWrittenAgain() {
        Status known = new Status(new StatusVersion(4, 9, 1), false, false, false, 2, 0, false, 3, "table", "state 0");
        List<JournalEntry> written = new CopyOnWriteArrayList<>();
        at.journal = id -> journal(known, written);
        at.replicated = known.inNextTerm(3);
        at.start(MODE_ONE, ACTIVE).report();

        at.set(INACTIVE);

        Awaitility.await().until(() -> !written.isEmpty());
        assertThat(written).extracting(JournalEntry::cause).containsExactly(JournalEntry.ChangeCause.OPERATOR);
    }

    /** A journal that starts with this status and collects the records written to it. */
    private static Behavior<DestinationJournal.Command> journal(Status newest, List<JournalEntry> written) {
        return Behaviors.receiveMessage(command -> {
            if (command instanceof DestinationJournal.Open open) {
                open.parent().tell(new DestinationJournal.Ready(newest, 1));
            } else if (command instanceof DestinationJournal.WriteEntry write) {
                written.add(write.recorded());
            }
            return Behaviors.same();
        });
    }

    @Test
    void whatIsRemovedEndsAndBeginsAnewWhenItIsDefinedAgain() {
        at.start(MODE_ONE, ACTIVE);
        at.set(INACTIVE);
        at.actor.tell(new DestinationActor.Remove(1, "", ""));
        assertThat(at.status().removed()).isFalse();

        TestProbe<Object> watch = at.kit.createTestProbe();
        at.actor.tell(new DestinationActor.Remove(2, "bob", "reload"));
        watch.expectTerminated(at.actor, Duration.ofSeconds(10));
        assertThat(at.replicated.removed()).isTrue();
        assertThat(at.replicated.who()).isEqualTo("bob");
        assertThat(at.replicated.why()).isEqualTo("defined no longer: reload");

        at.spawn(MODE_ONE);
        at.define(PROBING, 3);
        assertThat(at.status().state()).isEqualTo(PROBING);
        assertThat(at.status().version().term()).isEqualTo(2);
    }

    @Test
    void aRemovalBeforeTheDefinitionIsPublishedToAllNodes() {
        at.replicated = new Status(new StatusVersion(4, 9, 1), true, false, false, 1, 0, false, 5, "bob", "broken");
        at.spawn(MODE_ONE);
        at.actor.tell(new DestinationActor.Remove(2, "ann", "reload of partition trunks"));
        assertThat(at.status().removed()).isTrue();
        assertThat(at.status().who()).isEqualTo("ann");
        assertThat(at.status().why()).isEqualTo("defined no longer: reload of partition trunks");

        at.define(ACTIVE, 3);

        assertThat(at.status().state()).isEqualTo(ACTIVE);
        assertThat(at.replicated.removed()).isFalse();
    }

    @Test
    void anUndefinedOneEndsAfterAMinute() {
        at.spawn(MODE_ONE);
        TestProbe<Object> watch = at.kit.createTestProbe();
        at.time.timePasses(Duration.ofSeconds(61));

        watch.expectTerminated(at.actor, Duration.ofSeconds(10));
    }

    @Test
    void aRepeatedDefinitionChangesNothing() {
        at.always = GOOD;
        at.start(MODE_ONE, ACTIVE).pass(10_000);
        List<Status> before = List.copyOf(at.published);

        at.define(ACTIVE, 1);
        at.define(INACTIVE, 2);
        at.pass(10_000);

        assertThat(at.published).isEqualTo(before);
        assertThat(at.pings).hasSize(2);
    }

    @Test
    void anotherActorsNewerReplicatedStatusCountsWhenTheDefinitionIsRepeated() {
        at.start(MODE_ONE, ACTIVE);
        at.report();
        at.replicated = new Status(new StatusVersion(9, 3, 1), true, false, false, 0, 0, false, 5, "bob", "broken");

        for (int i = 0; i < 10; i++) {
            at.define(ACTIVE, 1);
        }
        at.report();

        assertThat(at.status().version()).isEqualTo(new StatusVersion(10, 1, 7));
        assertThat(at.status().state()).isEqualTo(INACTIVE);
    }
}
