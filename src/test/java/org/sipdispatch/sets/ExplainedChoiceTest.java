package org.sipdispatch.sets;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.BehaviorTestKit;
import akka.actor.testkit.typed.javadsl.TestInbox;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;
import org.sipdispatch.sets.RecordingTrace.SelectionRecord;

/** An explanation predicts the next selection and never changes it. */
class ExplainedChoiceTest {
    private static final SelectFlags NO_FLAGS = new SelectFlags(false, false, false, false, SelectFlags.NO_LIMIT);

    private record Question(Algorithm algorithm, int hash, SelectFlags flags) {}

    private static List<SelectionRecord> explained(BehaviorTestKit<SetActor.Command> set, List<Question> questions) {
        RecordingTrace trace = new RecordingTrace();
        List<SelectionRecord> answers = new ArrayList<>();
        for (Question question : questions) {
            List<String> explained = select(set, question, answers.size(), trace);
            SelectionRecord answer = trace.answer(answers.size());
            assertThat(explained).isEqualTo(names(answer, answer.view()));
            answers.add(answer);
        }
        return answers;
    }

    private static List<String> selected(BehaviorTestKit<SetActor.Command> set, Question question) {
        return select(set, question, 0, SelectTrace.NONE);
    }

    private static List<String> select(
            BehaviorTestKit<SetActor.Command> set, Question question, int place, SelectTrace trace) {
        TestInbox<SetActor.Selected> inbox = TestInbox.create();
        set.run(Views.query(question.algorithm, question.hash, question.flags, place, trace, inbox));
        return inbox.receiveMessage().candidates().stream()
                .map(Destination::description)
                .toList();
    }

    private static List<String> names(SelectionRecord answer, SetView view) {
        return answer.candidates().stream()
                .map(place -> view.member(place).description())
                .toList();
    }

    private static Question question(Random random) {
        Algorithm[] all = Algorithm.values();
        SelectFlags flags = new SelectFlags(
                random.nextInt(4) > 0,
                false,
                random.nextInt(3) == 0,
                false,
                random.nextInt(3) == 0 ? 1 + random.nextInt(4) : SelectFlags.NO_LIMIT);
        return new Question(all[random.nextInt(all.length)], random.nextInt(), flags);
    }

    private static SetView view(Random random, int size) {
        int[] weights = random.ints(size, 0, random.nextInt(4) == 0 ? 1 : 5).toArray();
        boolean[] active = new boolean[size];
        for (int i = 0; i < size; i++) {
            active[i] = random.nextInt(4) > 0;
        }
        return Views.of(weights, active);
    }

    @Property(tries = 500)
    void howeverOftenOneAsksTheNextChoiceIsTheOneThatWasExplained(@ForAll long seed) {
        Random random = new Random(seed);
        int size = 1 + random.nextInt(6);
        SetView view = view(random, size);
        BehaviorTestKit<SetActor.Command> asked = BehaviorTestKit.create(SetActor.create(view, LoadContext.NONE));
        BehaviorTestKit<SetActor.Command> neverAsked = BehaviorTestKit.create(SetActor.create(view, LoadContext.NONE));

        for (int step = 0; step < 30; step++) {
            if (random.nextInt(6) == 0) {
                view = view(random, size);
                asked.run(new SetActor.Replace(view));
                neverAsked.run(new SetActor.Replace(view));
            }
            List<Question> questions = List.of(question(random), question(random));
            for (int i = random.nextInt(3); i >= 0; i--) {
                List<SelectionRecord> explained = explained(asked, questions);
                assertThat(explained(asked, questions)).isEqualTo(explained);
            }
            List<SelectionRecord> explained = explained(asked, questions);
            List<Object> results = new ArrayList<>();
            for (int i = 0; i < questions.size(); i++) {
                List<String> next = selected(asked, questions.get(i));
                results.add(Tuple.of(next, selected(neverAsked, questions.get(i))));
                assertThat(next).as("%s", questions.get(i)).isEqualTo(names(explained.get(i), view));
                assertThat(results.get(i)).isEqualTo(Tuple.of(next, next));
            }
        }
    }

    @Test
    void twoQuestionsAreAnsweredAsIfTheFirstHadBeenAskedBefore() {
        BehaviorTestKit<SetActor.Command> set =
                BehaviorTestKit.create(SetActor.create(Views.of(1, 1, 1), LoadContext.NONE));
        Question question = new Question(Algorithm.ROUND_ROBIN, 0, NO_FLAGS);

        List<SelectionRecord> explained = explained(set, List.of(question, question));

        assertThat(explained).extracting(SelectionRecord::candidates).containsExactly(List.of(0), List.of(1));
        assertThat(selected(set, question)).containsExactly("a");
    }

    @Test
    void aSetThatWasNotAskedHasNoAnswer() {
        SelectionRecord none = SelectionRecord.notAsked(Views.of(1, 1));

        assertThat(new RecordingTrace().answer(0)).isNull();
        assertThat(none.candidates()).isEmpty();
        assertThat(none.why()).containsExactly("the set is not queried", "the set is not queried");
    }
}
