package org.sipdispatch.pauses;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodeViewsTest {
    private static final long SECOND = 1_000_000_000L;
    private static final RunningNodes NEVER_PAUSED = new RunningNodes(3, List.of());

    private static ViewSeen look(int node, double asked, String version) {
        return look(node, asked, version, "Active o1");
    }

    private static ViewSeen look(int node, double asked, String version, String state) {
        return new ViewSeen(
                node,
                "d",
                StateVersion.of(version),
                state,
                (long) (asked * SECOND),
                (long) (asked * SECOND) + SECOND / 100);
    }

    private static RecordedOrder hold(double answered, String version, RecordedOrder.Outcome outcome) {
        return new RecordedOrder(
                "o1",
                "d",
                RecordedOrder.Kind.HOLD,
                0,
                0,
                (long) (answered * SECOND),
                outcome,
                version.isEmpty() ? null : StateVersion.of(version),
                "answer");
    }

    private static RunningNodes paused(Pause... pauses) {
        return new RunningNodes(3, List.of(pauses));
    }

    private static Pause pause(int node, long from, long to) {
        return new Pause(node, from * SECOND, to * SECOND);
    }

    private static List<String> goingBack(List<ViewSeen> looks, Map<String, List<StateVersion>> superseded) {
        return NodeViews.goingBack(looks, superseded, List.of(), List.of());
    }

    @Test
    void aNodeThatJoinsAgainMayDropAChangeThatNoAnswerHasConfirmed() {
        List<ViewSeen> looks = List.of(look(0, 10, "2.2"), look(0, 13, "2.1"));
        List<NodeViews.SessionStart> joined = List.of(new NodeViews.SessionStart(0, 12 * SECOND));
        List<RecordedOrder> unknown = List.of(hold(24, "", RecordedOrder.Outcome.UNKNOWN));
        List<RecordedOrder> older = List.of(hold(9, "2.1", RecordedOrder.Outcome.OK));
        List<RecordedOrder> confirmed = List.of(hold(10, "2.2", RecordedOrder.Outcome.OK));

        assertThat(NodeViews.goingBack(looks, Map.of(), unknown, joined)).isEmpty();
        assertThat(NodeViews.goingBack(looks, Map.of(), older, joined)).isEmpty();
        assertThat(NodeViews.goingBack(looks, Map.of(), confirmed, joined)).hasSize(1);
        assertThat(NodeViews.goingBack(looks, Map.of(), unknown, List.of())).hasSize(1);
        assertThat(NodeViews.goingBack(looks, Map.of(), unknown, List.of(new NodeViews.SessionStart(1, 12 * SECOND))))
                .hasSize(1);
    }

    @Test
    void aViewMustNotGoBack() {
        List<ViewSeen> looks = List.of(look(2, 23, "2.6"), look(2, 36, "2.4"), look(2, 37, "3.0"));

        assertThat(goingBack(looks, Map.of()))
                .containsExactly("node 3 shows 2.4 of d, and has shown 2.6 13000 ms before");
    }

    @Test
    void aViewThatStaysBackIsReportedOnce() {
        List<ViewSeen> looks = List.of(look(2, 23, "2.6"), look(2, 36, "2.4"), look(2, 37, "2.4"), look(2, 38, "2.5"));

        assertThat(goingBack(looks, Map.of())).hasSize(1);
    }

    @Test
    void viewsOfDifferentNodesMayDiffer() {
        assertThat(goingBack(List.of(look(0, 1, "2.6"), look(1, 2, "2.4"), look(0, 3, "2.6")), Map.of()))
                .isEmpty();
    }

    @Test
    void aVersionThatIsMarkedAsSupersededMayBeGone() {
        List<ViewSeen> looks = List.of(look(2, 23, "2.6"), look(2, 36, "2.4"));

        assertThat(goingBack(looks, Map.of("d", List.of(StateVersion.of("2.5")))))
                .isEmpty();
        assertThat(goingBack(looks, Map.of("d", List.of(StateVersion.of("1.5")))))
                .hasSize(1);
        assertThat(goingBack(looks, Map.of("other", List.of(StateVersion.of("2.5")))))
                .hasSize(1);
    }

    @Test
    void theStartOfAnActorMayBeGoneIfTheStateIsTheSame() {
        assertThat(goingBack(List.of(look(0, 1, "2.0"), look(0, 2, "1.1"), look(0, 3, "2.0")), Map.of()))
                .isEmpty();
        assertThat(goingBack(List.of(look(0, 1, "2.0"), look(0, 2, "1.1", "Inactive o2")), Map.of()))
                .hasSize(1);
        assertThat(goingBack(List.of(look(0, 1, "2.1"), look(0, 2, "2.0")), Map.of()))
                .hasSize(1);
    }

    @Test
    void aRunningNodeShowsAnOrderWithinASecondOfItsAnswer() {
        List<RecordedOrder> orders = List.of(hold(30, "1.1", RecordedOrder.Outcome.OK));
        ViewSeen soon = look(1, 30.9, "1.0");
        ViewSeen late = look(1, 31.1, "1.0");
        ViewSeen right = look(1, 31.2, "1.1");

        assertThat(NodeViews.behind(List.of(soon, late, right), orders, NEVER_PAUSED))
                .containsExactly("node 2 shows 1.0 of d 1100 ms after the answer to o1 with 1.1");
    }

    @Test
    void aViewThatStaysBehindOneOrderIsReportedOnce() {
        List<RecordedOrder> orders = List.of(hold(30, "1.1", RecordedOrder.Outcome.OK));

        assertThat(NodeViews.behind(List.of(look(1, 33, "1.0"), look(1, 34, "1.0")), orders, NEVER_PAUSED))
                .hasSize(1);
    }

    @Test
    void anOrderThatIsNotKnownToBeDoneIsRequiredOfNoView() {
        List<ViewSeen> looks = List.of(look(1, 33, "1.0"));

        assertThat(NodeViews.behind(looks, List.of(hold(30, "", RecordedOrder.Outcome.UNKNOWN)), NEVER_PAUSED))
                .isEmpty();
    }

    @Test
    void aResumedNodeMayBeBehindUntilItMustBeBack() {
        List<RecordedOrder> orders = List.of(hold(15, "1.1", RecordedOrder.Outcome.OK));
        RunningNodes running = paused(pause(1, 10, 20));

        assertThat(NodeViews.behind(List.of(look(1, 25.9, "1.0")), orders, running))
                .isEmpty();
        assertThat(NodeViews.behind(List.of(look(1, 26.1, "1.0")), orders, running))
                .hasSize(1);
        assertThat(NodeViews.behind(List.of(look(2, 25.9, "1.0")), orders, running))
                .hasSize(1);
    }

    @Test
    void aNodeThatIsPausedBeforeItAnswersMayBeBehind() {
        List<RecordedOrder> orders = List.of(hold(30, "1.1", RecordedOrder.Outcome.OK));
        ViewSeen look = new ViewSeen(1, "d", StateVersion.of("1.0"), "Active o1", 39 * SECOND, 51 * SECOND);

        assertThat(NodeViews.behind(List.of(look), orders, paused(pause(1, 20, 50))))
                .isEmpty();
        assertThat(NodeViews.behind(List.of(look), orders, paused(pause(1, 40, 50))))
                .isEmpty();
        assertThat(NodeViews.behind(List.of(look), orders, NEVER_PAUSED)).hasSize(1);
    }
}
