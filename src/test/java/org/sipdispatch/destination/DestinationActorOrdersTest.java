package org.sipdispatch.destination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.destination.DestinationState.ACTIVE;
import static org.sipdispatch.destination.DestinationState.INACTIVE;
import static org.sipdispatch.destination.DestinationState.PROBING;
import static org.sipdispatch.destination.JournalEntry.ChangeCause.COUNT;
import static org.sipdispatch.destination.JournalEntry.ChangeCause.TRANSITION;
import static org.sipdispatch.destination.Samples.GOOD;
import static org.sipdispatch.destination.Samples.SILENT;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Operators' orders when journals, nodes and replies are late. */
class DestinationActorOrdersTest {
    private static final String MODE_ONE = "ds_ping_interval = 10, ds_probing_mode = 1";
    private static final Status HELD =
            new Status(new StatusVersion(4, 9, 1), true, false, false, 0, 0, false, 5, "bob", "broken");
    private static final Status DEAD =
            new Status(new StatusVersion(4, 9, 1), false, true, false, 3, 0, false, 5, "probe", "no reply");

    private final ActorFixture at = new ActorFixture();
    private final AtomicReference<ActorRef<DestinationJournal.Reply>> parent = new AtomicReference<>();
    private final List<JournalEntry> written = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        at.close();
    }

    /** A journal that replies with what the test sets. */
    private Behavior<DestinationJournal.Command> journal() {
        return Behaviors.receiveMessage(command -> {
            if (command instanceof DestinationJournal.Open open) {
                parent.set(open.parent());
            } else if (command instanceof DestinationJournal.WriteEntry write) {
                written.add(write.recorded());
            }
            return Behaviors.same();
        });
    }

    private void startWithAJournalThatIsAway() {
        at.journal = id -> journal();
        at.start(MODE_ONE, ACTIVE);
        Awaitility.await().until(() -> parent.get() != null);
        at.step(10_000);
    }

    private void startWithAJournal() {
        at.journal = id -> journal();
        at.start(MODE_ONE, ACTIVE);
        Awaitility.await().until(() -> parent.get() != null);
        parent.get().tell(new DestinationJournal.Ready(null, 0));
        at.report();
    }

    private void order(DestinationState state) {
        at.actor.tell(new DestinationActor.SetState(state, "alice", "said so", at.replies.getRef()));
    }

    private void saved(int record) {
        parent.get()
                .tell(new DestinationJournal.Saved(written.get(record).status().version()));
    }

    @Test
    void anOperatorsHoldThatTheJournalTellsLateStandsAgainstPings() {
        at.always = SILENT;
        startWithAJournalThatIsAway();
        at.pass(30_000);
        assertThat(at.status().state()).isEqualTo(PROBING);

        parent.get().tell(new DestinationJournal.Ready(HELD, 1));

        assertThat(at.status().state()).isEqualTo(INACTIVE);
        assertThat(at.status().who()).isEqualTo("bob");
        assertThat(at.status().probing()).isTrue();
        assertThat(at.replicated).isEqualTo(at.status());
    }

    @Test
    void whatAnswersPingsIsNotTakenOutByAJournalThatIsLate() {
        at.always = GOOD;
        startWithAJournalThatIsAway();
        at.pass(10_000);
        assertThat(at.report().lastPing()).isEqualTo(GOOD);

        parent.get().tell(new DestinationJournal.Ready(DEAD, 1));

        assertThat(at.status().state()).isEqualTo(ACTIVE);
        assertThat(at.status().version()).isEqualTo(new StatusVersion(5, 1, 7));
        assertThat(at.transitions()).isEmpty();
    }

    @Test
    void anUnknownDestinationIsTakenOutByAJournalThatIsLate() {
        startWithAJournalThatIsAway();

        parent.get().tell(new DestinationJournal.Ready(DEAD, 1));

        assertThat(at.status().state()).isEqualTo(PROBING);
    }

    @Test
    void theReplicatorIsReadOnceForTenRepetitionsOfADefinition() {
        at.start(MODE_ONE, ACTIVE).report();

        for (int i = 0; i < 40; i++) {
            at.define(ACTIVE, 1);
        }
        at.report();
        assertThat(at.localReads).hasValue(4);

        at.define(ACTIVE, 2);
        at.report();
        assertThat(at.localReads).hasValue(5);
    }

    @Test
    void pushedAttributesDisturbNothing() {
        at.start(MODE_ONE, ACTIVE).report();
        at.pass(1000);
        DestinationActor.Report before = at.report();
        int published = at.published.size();

        at.actor.tell(new DestinationActor.Define(Samples.definition(ACTIVE, 2).withScriptAttrs("free=3")));

        DestinationActor.Report after = at.report();
        assertThat(after.definition().scriptAttrs()).isEqualTo("free=3");
        assertThat(after.nextPingAtMs()).isEqualTo(before.nextPingAtMs());
        assertThat(after.status()).isEqualTo(before.status());
        assertThat(at.published).hasSize(published);
        assertThat(at.transitions()).isEmpty();
    }

    @Test
    void anOrderThatWaitedTooLongIsNotExecuted() {
        at.journal = id -> journal();
        at.start(MODE_ONE, ACTIVE);
        order(INACTIVE);
        Awaitility.await().until(() -> at.clockAsked.get() > 0);

        at.step(10_000);

        assertThat(at.status().state()).isEqualTo(ACTIVE);
        at.replies.expectNoMessage(Duration.ZERO);
    }

    @Test
    void anOrderThatIsGivenAgainIsNotRefusedForItsFirstTime() {
        at.journal = id -> journal();
        at.start(MODE_ONE, ACTIVE);
        order(INACTIVE);
        Awaitility.await().until(() -> at.clockAsked.get() > 0);
        at.step(7_000);
        long before = at.clockAsked.get();
        order(INACTIVE);
        Awaitility.await().until(() -> at.clockAsked.get() > before);

        at.step(3_000);

        assertThat(at.replies.receiveMessage().getValue().state()).isEqualTo(INACTIVE);
        at.report();
        at.replies.expectNoMessage(Duration.ZERO);
    }

    @Test
    void anOrderThatWaitedAWhileIsExecuted() {
        at.journal = id -> journal();
        at.start(MODE_ONE, ACTIVE);
        Awaitility.await().until(() -> parent.get() != null);
        at.step(7_000);
        order(INACTIVE);
        Awaitility.await().until(() -> at.clockAsked.get() > 0);

        at.step(3_000);

        assertThat(at.replies.receiveMessage().getValue().state()).isEqualTo(INACTIVE);
    }

    @Test
    void anOrderIsAnsweredWhenTheOtherNodesKnowIt() {
        at.replicatorConfirms = false;
        at.start(MODE_ONE, ACTIVE);
        order(INACTIVE);
        assertThat(at.status().state()).isEqualTo(INACTIVE);
        at.replies.expectNoMessage(Duration.ZERO);

        at.unconfirmed.get(0).run();

        assertThat(at.replies.receiveMessage().getValue().state()).isEqualTo(INACTIVE);
    }

    @Test
    void anOrderOfALoneNodeIsAnsweredWhenTheJournalHasIt() {
        at.alone = true;
        at.replicatorConfirms = false;
        startWithAJournal();
        order(INACTIVE);
        Awaitility.await().until(() -> !written.isEmpty());
        at.report();
        at.replies.expectNoMessage(Duration.ZERO);

        saved(0);

        assertThat(at.replies.receiveMessage().getValue().state()).isEqualTo(INACTIVE);
    }

    @Test
    void anOrderThatNobodyConfirmsIsNotAnswered() {
        at.replicatorConfirms = false;
        at.start(MODE_ONE, ACTIVE);
        order(INACTIVE);
        order(INACTIVE);
        assertThat(at.status().state()).isEqualTo(INACTIVE);

        at.step(60_000);
        at.report();
        at.replies.expectNoMessage(Duration.ZERO);

        at.unconfirmed.get(0).run();

        assertThat(at.replies.receiveMessage().getValue().state()).isEqualTo(INACTIVE);
        assertThat(at.replies.receiveMessage().getValue().state()).isEqualTo(INACTIVE);
    }

    @Test
    void anOrderOfALoneNodeIsAnsweredWhenTheJournalHasItAtLast() {
        at.alone = true;
        at.replicatorConfirms = false;
        startWithAJournalThatIsAway();
        order(INACTIVE);
        at.report();
        at.step(60_000);
        at.replies.expectNoMessage(Duration.ZERO);

        parent.get().tell(new DestinationJournal.Ready(null, 0));
        Awaitility.await().until(() -> written.size() == 1);
        at.report();
        at.replies.expectNoMessage(Duration.ZERO);
        saved(0);

        assertThat(at.replies.receiveMessage().getValue().state()).isEqualTo(INACTIVE);
    }

    @Test
    void anActorThatStopsLetsItsJournalKeepWhatHappened() {
        startWithAJournal();
        at.set(INACTIVE);
        at.set(ACTIVE);
        Awaitility.await().until(() -> written.size() == 1);
        TestProbe<Object> watch = at.kit.createTestProbe();

        at.actor.tell(DestinationActor.Stop.INSTANCE);
        saved(0);
        Awaitility.await().until(() -> written.size() == 2);
        saved(1);

        watch.expectTerminated(at.actor, Duration.ofSeconds(10));
        assertThat(written).extracting(each -> each.status().state()).containsExactly(INACTIVE, ACTIVE);
    }

    @Test
    void anActorThatStopsDoesNotWaitLongAndSendsNoPings() {
        startWithAJournal();
        at.set(INACTIVE);
        at.set(ACTIVE);
        TestProbe<Object> watch = at.kit.createTestProbe();

        at.actor.tell(DestinationActor.Stop.INSTANCE);

        Awaitility.await().untilAsserted(() -> {
            at.step(10_000);
            watch.expectTerminated(at.actor, Duration.ofSeconds(1));
        });
        assertThat(at.pings).isEmpty();
    }

    private void order(DestinationActor.Ticket ticket) {
        at.actor.tell(new DestinationActor.SetState(INACTIVE, "alice", "said so", ticket, at.replies.getRef()));
    }

    @Test
    void theSameOrderOfTwoNodesIsExecutedOnceAndBothAreAnswered() {
        at.start(MODE_ONE, ACTIVE);
        TestProbe<DestinationActor.MayExecute> one = at.kit.createTestProbe();
        TestProbe<DestinationActor.MayExecute> other = at.kit.createTestProbe();
        order(new DestinationActor.Ticket("key:a", one.getRef()));
        order(new DestinationActor.Ticket("key:a", other.getRef()));
        DestinationActor.MayExecute first = one.receiveMessage();
        DestinationActor.MayExecute second = other.receiveMessage();

        second.replyTo().tell(new DestinationActor.Permission("key:a", true));
        Status executed = at.replies.receiveMessage().getValue();
        first.replyTo().tell(new DestinationActor.Permission("key:a", true));

        assertThat(at.replies.receiveMessage().getValue()).isEqualTo(executed);
        assertThat(executed.state()).isEqualTo(INACTIVE);
        assertThat(at.transitions()).hasSize(1);
    }

    @Test
    void aNodeThatWaitsNoLongerTakesNothingFromAnotherOneThatDoes() {
        at.start(MODE_ONE, ACTIVE);
        TestProbe<DestinationActor.MayExecute> one = at.kit.createTestProbe();
        TestProbe<DestinationActor.MayExecute> other = at.kit.createTestProbe();
        order(new DestinationActor.Ticket("key:a", one.getRef()));
        order(new DestinationActor.Ticket("key:a", other.getRef()));

        one.receiveMessage().replyTo().tell(new DestinationActor.Permission("key:a", false));
        at.report();
        assertThat(at.status().state()).isEqualTo(ACTIVE);
        other.receiveMessage().replyTo().tell(new DestinationActor.Permission("key:a", true));

        assertThat(at.replies.receiveMessage().getValue().state()).isEqualTo(INACTIVE);
        at.replies.expectNoMessage(Duration.ZERO);
    }

    @Test
    void aKeyThatWasGivenToAnotherOrderIsRefusedAndTheSameOrderIsNot() {
        at.start(MODE_ONE, ACTIVE);
        order(new DestinationActor.Ticket("key:a 1f", null));
        Status executed = at.replies.receiveMessage().getValue();
        at.actor.tell(new DestinationActor.Release(
                "alice", "", new DestinationActor.Ticket("key:a 2e", null), at.replies.getRef()));
        assertThat(at.replies.receiveMessage().getError().getMessage())
                .isEqualTo("order: key:a (expected: another key; another order has used this one)");

        order(new DestinationActor.Ticket("key:a 1f", null));

        assertThat(at.replies.receiveMessage().getValue()).isEqualTo(executed);
        assertThat(executed.hasExecuted("key:a")).isTrue();
        assertThat(executed.hasExecuted("key:b")).isFalse();
    }

    /** Otherwise the node could fail with an order that it has confirmed. */
    @Test
    void anOrderThatIsGivenAgainIsAnsweredWhenOthersKnowIt() {
        at.replicatorConfirms = false;
        at.start(MODE_ONE, ACTIVE);
        order(new DestinationActor.Ticket("key:a", null));
        order(new DestinationActor.Ticket("key:a", null));
        assertThat(at.status().orders()).containsExactly("key:a");
        at.replies.expectNoMessage(Duration.ZERO);

        at.unconfirmed.get(0).run();

        assertThat(at.replies.receiveMessage().getValue())
                .isEqualTo(at.replies.receiveMessage().getValue());
    }

    @Test
    void anInheritedOrderThatIsGivenAgainIsAnsweredWhenTheJournalHasIt() {
        at.alone = true;
        at.replicatorConfirms = false;
        at.replicated = new Status(
                new StatusVersion(4, 9, 99), true, false, false, 0, 0, false, 5, "bob", "broken", List.of("key:a"));
        startWithAJournalThatIsAway();
        order(new DestinationActor.Ticket("key:a", null));
        at.report();
        at.replies.expectNoMessage(Duration.ZERO);

        parent.get().tell(new DestinationJournal.Ready(null, 0));
        Awaitility.await().until(() -> written.size() == 1);
        saved(0);
        Awaitility.await().until(() -> written.size() == 2);
        at.report();
        at.replies.expectNoMessage(Duration.ZERO);
        saved(1);

        Status answer = at.replies.receiveMessage().getValue();
        assertThat(answer).isEqualTo(written.get(1).status());
        assertThat(answer.orders()).containsExactly("key:a");
        assertThat(written).extracting(JournalEntry::cause).containsExactly(TRANSITION, COUNT);
    }
}
