package org.sipdispatch.sets;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.BehaviorTestKit;
import akka.actor.testkit.typed.javadsl.TestInbox;
import java.util.List;
import org.junit.jupiter.api.Test;

class SetActorTest {
    private static final SelectFlags NO_FLAGS = new SelectFlags(false, false, false, false, SelectFlags.NO_LIMIT);

    private final BehaviorTestKit<SetActor.Command> set =
            BehaviorTestKit.create(SetActor.create(Views.of(1, 1, 1), LoadContext.NONE));
    private final TestInbox<SetActor.Selected> inbox = TestInbox.create();

    @Test
    void aSelectionIsAnsweredWithItsContext() {
        SetActor.Select query = ask(Algorithm.PRIORITY, 0, SelectFlags.parse("F"));

        SetActor.Selected selected = inbox.receiveMessage();
        assertThat(selected.context()).isSameAs(query.context());
        assertThat(selected.candidates()).extracting(Destination::description).containsExactly("a", "b", "c");
    }

    @Test
    void theRoundRobinMovesFromQuestionToQuestion() {
        assertThat(List.of(pick(), pick(), pick(), pick())).containsExactly("a", "b", "c", "a");
    }

    @Test
    void anUnmovedSelectionLeavesTheRoundRobinWhereItStands() {
        pick();

        set.run(Views.query(Algorithm.ROUND_ROBIN, 0, NO_FLAGS, 0, SelectTrace.NONE.unmoved(), inbox));

        assertThat(inbox.receiveMessage().candidates().get(0).description()).isEqualTo("b");
        assertThat(List.of(pick(), pick())).containsExactly("b", "c");
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

        ask(Algorithm.CALL_ID, 7, NO_FLAGS);

        assertThat(inbox.receiveMessage().candidates()).isEmpty();
    }

    @Test
    void theViewThatTrafficSeesIsTheLastOne() {
        SetView next = Views.of(1);

        set.run(new SetActor.Replace(next));
        ask(Algorithm.PRIORITY, 0, SelectFlags.parse("F"));

        assertThat(inbox.receiveMessage().candidates())
                .singleElement()
                .satisfies(candidate -> assertThat(candidate).isSameAs(next.member(0)));
    }

    private SetActor.Select ask(Algorithm algorithm, int hash, SelectFlags flags) {
        SetActor.Select query = Views.query(algorithm, hash, flags, 0, SelectTrace.NONE, inbox);
        set.run(query);
        return query;
    }

    private String pick() {
        ask(Algorithm.ROUND_ROBIN, 0, NO_FLAGS);
        return inbox.receiveMessage().candidates().get(0).description();
    }
}
