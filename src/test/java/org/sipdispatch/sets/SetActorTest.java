package org.sipdispatch.sets;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.BehaviorTestKit;
import akka.actor.testkit.typed.javadsl.TestInbox;
import java.util.List;
import org.junit.jupiter.api.Test;

class SetActorTest {
    private final BehaviorTestKit<SetActor.Command> set = BehaviorTestKit.create(SetActor.create(Views.of(1, 1, 1)));
    private final TestInbox<SetActor.Selected> inbox = TestInbox.create();

    @Test
    void aSelectionIsAnsweredWithItsContext() {
        set.run(new SetActor.Select(Algorithm.PRIORITY, 0, SelectFlags.parse("F"), "context", inbox.getRef()));

        SetActor.Selected selected = inbox.receiveMessage();
        assertThat(selected.context()).isEqualTo("context");
        assertThat(selected.candidates()).extracting(Destination::description).containsExactly("a", "b", "c");
    }

    @Test
    void theRoundRobinMovesFromQuestionToQuestion() {
        assertThat(List.of(pick(), pick(), pick(), pick())).containsExactly("a", "b", "c", "a");
    }

    @Test
    void aNewViewLeavesTheRoundRobinWhereItStands() {
        pick();
        pick();

        set.run(new SetActor.Replace(Views.without("c", 1, 1, 1)));

        assertThat(List.of(pick(), pick())).containsExactly("a", "b");
    }

    @Test
    void nobodyUsableIsAnEmptyAnswer() {
        set.run(new SetActor.Replace(Views.without("abc", 1, 1, 1)));

        set.run(new SetActor.Select(Algorithm.CALL_ID, 7, SelectFlags.NONE, 1, inbox.getRef()));

        assertThat(inbox.receiveMessage().candidates()).isEmpty();
    }

    @Test
    void theViewThatTrafficSeesIsTold() {
        TestInbox<SetView> views = TestInbox.create();
        SetView next = Views.of(1);

        set.run(new SetActor.Replace(next));
        set.run(new SetActor.GetView(views.getRef()));

        assertThat(views.receiveMessage()).isSameAs(next);
    }

    private String pick() {
        set.run(new SetActor.Select(Algorithm.ROUND_ROBIN, 0, SelectFlags.NONE, 1, inbox.getRef()));
        return inbox.receiveMessage().candidates().get(0).description();
    }
}
