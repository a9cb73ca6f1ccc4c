package org.sipdispatch.pauses;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sipdispatch.pauses.ReachableClaims.Line;
import org.sipdispatch.pauses.SecondOfTwo.Tie;

/** Node 3 of three is removed by the others, then node 2 falls silent, and node 1 continues alone. */
class SecondOfTwoTest {
    private static final long SECOND = 1_000_000_000L;
    private static final String CLAIM = "1 of 2 nodes are reachable: this side continues";
    private static final Pause SILENT = new Pause(1, 20 * SECOND, 40 * SECOND);

    private final List<Line> lines = new ArrayList<>();
    private final List<Tie> ties = new ArrayList<>();

    private static String member(int node, String status) {
        return "Member(akka://sip-dispatcher@127.0.0." + (node + 1) + ":2552, " + status + ")";
    }

    private static String downs(int node, String... members) {
        return "SBR took decision DownUnreachable and is downing [akka://sip-dispatcher@127.0.0." + (node + 1)
                + ":2552], [1] unreachable of [2] members, all members in DC [" + String.join(", ", members)
                + "], full reachability status: []";
    }

    private void removed() {
        lines.add(new Line(0, 5 * SECOND, "2 of 3 nodes are reachable: this side continues"));
        lines.add(new Line(0, 5 * SECOND, downs(2, member(0, "Up"), member(1, "Up"), member(2, "Up"))));
    }

    private void continues(String... members) {
        lines.add(new Line(0, 23 * SECOND, CLAIM));
        lines.add(new Line(0, 23 * SECOND + 5_000_000, downs(1, members)));
    }

    private void won(int node, long atSecond) {
        ties.add(new Tie("127.0.0.1:2552#7 127.0.0.2:2552#8", "127.0.0." + (node + 1) + ":2552#7", atSecond * SECOND));
    }

    private List<String> violations(int nodes, Pause... pauses) {
        return SecondOfTwo.violations(lines, ties, nodes, List.of(pauses));
    }

    @Test
    void theSecondOfTwoContinuesWhenTheDatabaseHasConfirmedIt() {
        removed();
        continues(member(0, "Up"), member(1, "Up"), member(2, "Joining"));
        won(0, 23);

        assertThat(violations(3, SILENT)).isEmpty();
        assertThat(violations(2, SILENT)).isEmpty();
    }

    @Test
    void theOtherOneMayHaveLeft() {
        Pause early = new Pause(1, 2 * SECOND, 4 * SECOND);
        continues(member(0, "Up"), member(1, "Up"));
        won(0, 23);
        assertThat(violations(2, early)).singleElement().asString().contains("was not silent");

        lines.add(new Line(1, 15 * SECOND, "this node's membership of the cluster has ended: it leaves"));
        assertThat(violations(2, early)).isEmpty();

        lines.add(new Line(1, 18 * SECOND, "definitions of revision 1: 6 destinations"));
        assertThat(violations(2, early)).singleElement().asString().contains("was not silent");
    }

    @Test
    void theLastDecisionOfTheDatabaseCounts() {
        removed();
        continues(member(0, "Up"), member(1, "Up"));
        ties.add(new Tie("127.0.0.1:2552#7 127.0.0.3:2552#9", "127.0.0.1:2552#7", 21 * SECOND));
        won(0, 23);

        assertThat(violations(3, SILENT)).isEmpty();
    }

    @Test
    void withoutTheDatabaseItMustNot() {
        removed();
        continues(member(0, "Up"), member(1, "Up"));
        assertThat(violations(3, SILENT)).singleElement().asString().contains("no row");

        won(0, 10);
        assertThat(violations(3, SILENT)).singleElement().asString().contains("no row");

        won(1, 23);
        assertThat(violations(3, SILENT)).singleElement().asString().contains("no row");
    }

    @Test
    void beforeTheThirdIsRemovedItMustNot() {
        continues(member(0, "Up"), member(1, "Up"));
        won(0, 23);

        assertThat(violations(3, SILENT)).singleElement().asString().contains("no decision has removed the third");
        assertThat(violations(2, SILENT)).isEmpty();
    }

    @Test
    void whileTheThirdHasAVoteItMustNot() {
        removed();
        continues(member(0, "Up"), member(1, "Up"), member(2, "Up"));
        won(0, 23);

        assertThat(violations(3, SILENT)).singleElement().asString().contains("3 nodes have a vote");
    }

    @Test
    void whileTheOtherOneRunsItMustNot() {
        removed();
        continues(member(0, "Up"), member(1, "Up"));
        won(0, 23);

        assertThat(violations(3, new Pause(1, 10 * SECOND, 15 * SECOND)))
                .singleElement()
                .asString()
                .contains("not silent");
    }

    @Test
    void theThirdMayHaveLeftItselfOrMissedTheFormation() {
        continues(member(0, "Up"), member(1, "Up"));
        won(0, 23);
        lines.add(new Line(
                2, 9 * SECOND, "this node's membership of the cluster has ended: no majority of the nodes is left"));
        assertThat(violations(3, SILENT)).isEmpty();

        lines.remove(2);
        lines.add(new Line(1, 9 * SECOND, "forming the cluster sip-dispatcher: no other node is in a cluster"));
        assertThat(violations(3, SILENT)).isEmpty();
    }

    @Test
    void allOfThisIsEvidence() {
        assertThat(List.of(
                        CLAIM,
                        downs(1),
                        "forming the cluster sip-dispatcher: no other node is in a cluster",
                        "definitions of revision 1: 6 destinations",
                        "this node's membership of the cluster has ended: no majority of the nodes is left"))
                .allMatch(SecondOfTwo::isEvidence);
    }
}
