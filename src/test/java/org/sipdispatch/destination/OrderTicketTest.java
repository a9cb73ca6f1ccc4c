package org.sipdispatch.destination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.destination.DestinationState.ACTIVE;
import static org.sipdispatch.destination.DestinationState.INACTIVE;

import akka.actor.testkit.typed.javadsl.TestProbe;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Orders with a {@link DestinationActor.Ticket}: executed with the permission of the node that issued them, and once.
 */
class OrderTicketTest {
    private static final String MODE_ONE = "ds_ping_interval = 10, ds_probing_mode = 1";

    private final ActorFixture at = new ActorFixture();
    private final TestProbe<DestinationActor.MayExecute> giver = at.kit.createTestProbe();

    @AfterEach
    void close() {
        at.close();
    }

    private void hold(String order) {
        hold(order, giver);
    }

    private void hold(String order, TestProbe<DestinationActor.MayExecute> by) {
        at.actor.tell(new DestinationActor.SetState(
                INACTIVE, "alice", "said so", new DestinationActor.Ticket(order, by.getRef()), at.replies.getRef()));
    }

    private void release(String order) {
        at.actor.tell(new DestinationActor.Release(
                "alice", "said so", new DestinationActor.Ticket(order, giver.getRef()), at.replies.getRef()));
    }

    private DestinationActor.MayExecute isAsked() {
        return giver.receiveMessage(Duration.ofSeconds(10));
    }

    private void answers(DestinationActor.MayExecute question, boolean granted) {
        question.replyTo().tell(new DestinationActor.Permission(question.order(), granted));
    }

    private void permits() {
        answers(isAsked(), true);
    }

    private Status done() {
        return at.replies.receiveMessage().getValue();
    }

    private void nobodyIsAnswered() {
        at.report();
        at.replies.expectNoMessage(Duration.ZERO);
    }

    @Test
    void anOrderIsExecutedOnceItsGiverPermitsIt() {
        at.start(MODE_ONE, ACTIVE);
        hold("o1");
        DestinationActor.MayExecute question = isAsked();
        assertThat(question.order()).isEqualTo("o1");
        assertThat(at.status().state()).isEqualTo(ACTIVE);
        nobodyIsAnswered();

        answers(question, true);

        assertThat(done().state()).isEqualTo(INACTIVE);
        assertThat(at.status().orders()).containsExactly("o1");
        assertThat(at.replicated).isEqualTo(at.status());
    }

    @Test
    void anOrderThatItsGiverRefusesIsNotExecuted() {
        at.start(MODE_ONE, ACTIVE);
        int published = at.published.size();
        hold("o1");
        DestinationActor.MayExecute question = isAsked();

        answers(question, false);
        answers(question, true);

        assertThat(at.status().state()).isEqualTo(ACTIVE);
        assertThat(at.status().orders()).isEmpty();
        assertThat(at.published).hasSizeLessThanOrEqualTo(published + 1);
        nobodyIsAnswered();
    }

    @Test
    void onePermissionIsForOneOrder() {
        at.start(MODE_ONE, ACTIVE);
        hold("o1");
        DestinationActor.MayExecute first = isAsked();
        release("o2");
        DestinationActor.MayExecute second = isAsked();

        answers(second, true);
        assertThat(done().orders()).containsExactly("o2");
        answers(first, true);
        assertThat(done().state()).isEqualTo(INACTIVE);
        answers(first, true);
        release("o3");
        permits();

        assertThat(done().orders()).containsExactly("o2", "o1", "o3");
        assertThat(at.status().state()).isEqualTo(ACTIVE);
    }

    @Test
    void aPermissionThatArrivesWhileTheNodeMayNotDecideIsAskedForAgainLater() {
        at.start(MODE_ONE, ACTIVE);
        hold("o1");
        DestinationActor.MayExecute first = isAsked();
        at.membership.current = false;
        long asked = at.membership.asked.get();

        answers(first, true);
        Awaitility.await().until(() -> at.membership.asked.get() > asked);
        assertThat(at.status().state()).isEqualTo(ACTIVE);
        at.membership.current = true;
        at.step(50);
        DestinationActor.MayExecute second = isAsked();
        assertThat(at.status().state()).isEqualTo(ACTIVE);
        nobodyIsAnswered();
        answers(second, true);

        assertThat(done().state()).isEqualTo(INACTIVE);
        assertThat(at.transitions()).containsExactly("ACTIVE>INACTIVE alice");
    }

    @Test
    void anOrderThatItsGiverNoLongerWaitsForWhenTheNodeMayDecideAgainIsNotExecuted() {
        at.start(MODE_ONE, ACTIVE).report();
        at.membership.current = false;
        hold("o1");
        at.report();
        giver.expectNoMessage(Duration.ZERO);

        at.membership.current = true;
        at.step(50);
        answers(isAsked(), false);

        assertThat(at.status().state()).isEqualTo(ACTIVE);
        nobodyIsAnswered();
    }

    @Test
    void anOrderThatIsGivenAgainIsExecutedOnceAndAnsweredTwice() {
        at.start(MODE_ONE, ACTIVE);
        hold("o1");
        permits();
        Status first = done();
        release("o2");
        permits();
        assertThat(done().state()).isEqualTo(ACTIVE);

        hold("o1");
        permits();

        assertThat(done().state()).isEqualTo(ACTIVE);
        assertThat(first.state()).isEqualTo(INACTIVE);
        assertThat(at.status().orders()).containsExactly("o1", "o2");
        assertThat(at.transitions()).containsExactly("ACTIVE>INACTIVE alice", "INACTIVE>ACTIVE alice");
    }

    @Test
    void aReleaseThatIsGivenAgainIsExecutedOnceToo() {
        at.start(MODE_ONE, INACTIVE);
        release("o1");
        permits();
        done();
        hold("o2");
        permits();
        done();

        release("o1");
        permits();

        assertThat(done().state()).isEqualTo(INACTIVE);
        assertThat(at.status().orders()).containsExactly("o1", "o2");
    }

    @Test
    void anOrderThatIsGivenAgainBeforeItIsPermittedIsExecutedOnceAndAnsweredTwice() {
        at.start(MODE_ONE, ACTIVE);
        hold("o1");
        hold("o1");

        permits();
        permits();

        assertThat(done().state()).isEqualTo(INACTIVE);
        assertThat(done().state()).isEqualTo(INACTIVE);
        assertThat(at.status().version()).isEqualTo(new StatusVersion(1, 1, 7));
    }

    @Test
    void oneGiverThatNoLongerWaitsDoesNotTakeTheOrderFromAnother() {
        TestProbe<DestinationActor.MayExecute> other = at.kit.createTestProbe();
        at.start(MODE_ONE, ACTIVE);
        hold("o1", giver);
        hold("o1", other);

        answers(isAsked(), false);
        answers(other.receiveMessage(Duration.ofSeconds(10)), true);

        assertThat(done().state()).isEqualTo(INACTIVE);
        nobodyIsAnswered();
    }

    @Test
    void anOrderThatIsGivenAgainIsNotAnsweredBeforeTheOtherNodesKnowIt() {
        at.replicatorConfirms = false;
        at.start(MODE_ONE, ACTIVE);
        hold("o1");
        permits();
        hold("o1");
        permits();
        Awaitility.await().until(() -> at.status().state() == INACTIVE);
        nobodyIsAnswered();

        at.unconfirmed.get(0).run();

        assertThat(done().state()).isEqualTo(INACTIVE);
        assertThat(done().state()).isEqualTo(INACTIVE);
    }

    @Test
    void theNextActorDoesNotExecuteWhatTheOneBeforeHas() {
        at.replicated = new Status(
                new StatusVersion(4, 9, 1), false, false, false, 0, 0, false, 5, "bob", "done", List.of("o1", "o2"));
        at.start(MODE_ONE, ACTIVE);

        hold("o1");
        permits();

        assertThat(done().version()).isEqualTo(new StatusVersion(5, 0, 7));
        assertThat(at.status().state()).isEqualTo(ACTIVE);
        assertThat(at.events).isEmpty();
    }

    @Test
    void anOrderThatChangesNothingIsRememberedByTheNodes() {
        at.start(MODE_ONE, INACTIVE);

        hold("o1");
        permits();

        assertThat(done().state()).isEqualTo(INACTIVE);
        assertThat(at.replicated.hasExecuted("o1")).isTrue();
        assertThat(at.events).isEmpty();
    }

    @Test
    void anOrderThatMayNotBeGivenIsRefusedWithItsReason() {
        at.start(MODE_ONE, INACTIVE);
        at.actor.tell(new DestinationActor.SetState(
                DestinationState.PROBING,
                "alice",
                "",
                new DestinationActor.Ticket("o1", giver.getRef()),
                at.replies.getRef()));

        permits();

        assertThat(at.replies.receiveMessage().getError()).hasMessageContaining("release it first");
        assertThat(at.status().orders()).isEmpty();
    }

    @Test
    void anOrderThatWaitedLongForItsActorIsExecutedIfItsGiverStillWaits() {
        at.replicatorAnswers = false;
        at.spawn(MODE_ONE);
        hold("o1");
        at.step(30_000);
        at.define(ACTIVE, 1);

        permits();

        assertThat(done().state()).isEqualTo(INACTIVE);
    }
}
