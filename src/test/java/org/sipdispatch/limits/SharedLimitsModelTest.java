package org.sipdispatch.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Three nodes with any delays, pauses and deaths: the user agents never have more calls than the limit. */
class SharedLimitsModelTest {
    private static final long SECOND_MS = 1000;
    private static final long HOUR_MS = 3600 * SECOND_MS;

    @Property(tries = 8)
    void theCallsOfAllNodesNeverExceedTheLimit(@ForAll long seed) {
        SimulatedNodes nodes = new SimulatedNodes(seed, 1 + (int) Math.floorMod(seed, 60L));
        nodes.callEverywhere(150);

        nodes.run(15 * SECOND_MS);

        assertThat(nodes.mostOpen()).isBetween(1, nodes.limit());
    }

    @Property(tries = 8)
    void norWithLostMessages(@ForAll long seed) {
        SimulatedNodes nodes = new SimulatedNodes(seed, 1 + (int) Math.floorMod(seed, 60L));
        nodes.loseSomeOfTheSharing();
        nodes.callEverywhere(150);

        nodes.run(15 * SECOND_MS);

        assertThat(nodes.mostOpen()).isBetween(1, nodes.limit());
    }

    @Property(tries = 8)
    void norWithPausesOfNodes(@ForAll long seed) {
        SimulatedNodes nodes = new SimulatedNodes(seed, 3 + (int) Math.floorMod(seed, 60L));
        nodes.callEverywhere(150);
        nodes.pauseSometimes();

        nodes.run(30 * SECOND_MS);

        assertThat(nodes.mostOpen()).isBetween(1, nodes.limit());
    }

    /** The BYEs that have waited pass before the node knows that it was removed, so that nobody hears of them from it. */
    @Property(tries = 8)
    void norWithNodesThatAreRemovedInAPauseAndJoinAgain(@ForAll long seed) {
        SimulatedNodes nodes = new SimulatedNodes(seed, 20 + (int) Math.floorMod(seed, 60L));
        nodes.hangUpAlongRoute();
        nodes.removeSilentNodes();
        nodes.pauseSometimes();
        nodes.callEverywhere(150);
        nodes.run(60 * SECOND_MS);
        assertThat(nodes.mostOpen()).isBetween(1, nodes.limit());

        nodes.callEverywhere(0);
        nodes.pauseNoMore();
        nodes.run(75 * SECOND_MS);
        assertThat(nodes.open()).isZero();
        assertThat(nodes.used()).isEqualTo(List.of(0, 0, 0));
        nodes.answerAll();
        nodes.neverHangUp();
        nodes.callAt((int) Math.floorMod(seed, 3L), 400);
        nodes.run(5 * SECOND_MS);

        assertThat(nodes.open()).isEqualTo(nodes.limit());
    }

    /** Its calls of this moment are unknown to the others, and end before its promises do. */
    @Property(tries = 3)
    void norIfANodeResumesJustWhenItIsRemoved(@ForAll long seed) {
        SimulatedNodes nodes = new SimulatedNodes(seed, 20 + (int) Math.floorMod(seed, 60L));
        nodes.callsLast(800);
        nodes.callEverywhere(300);
        for (int round = 0; round < 3; round++) {
            nodes.run(2 * SECOND_MS);
            nodes.pauseUntilRemoved(round);
            nodes.run(6 * SECOND_MS);
        }

        assertThat(nodes.mostOpen()).isBetween(1, nodes.limit());
    }

    /**
     * Also through the allocator's death: the two others use all places two seconds later, except those of calls that were
     * being answered, which come back after a minute. If the news of an answer is lost with the node, the call's place comes
     * back as well, although the call goes on.
     */
    @Property(tries = 8)
    void afterTheDeathOfANodeTheOthersHaveAllPlaces(@ForAll long seed) {
        int limit = 20 + (int) Math.floorMod(seed, 60L);
        SimulatedNodes nodes = new SimulatedNodes(seed, limit);
        nodes.callEverywhere(400);
        nodes.run(5 * SECOND_MS);

        SimulatedNodes.UnsureCalls unsure = nodes.kill((int) Math.floorMod(seed, 3L));
        nodes.answerAll();
        nodes.neverHangUp();
        nodes.run(2 * SECOND_MS);
        assertThat(nodes.open()).isBetween(limit - unsure.told(), limit);
        assertThat(nodes.mostOpen()).isEqualTo(limit);

        nodes.run(75 * SECOND_MS);

        assertThat(nodes.open()).isBetween(limit, limit + unsure.answered());
    }

    /** While a link was cut, the two nodes have not told each other which calls were answered and have ended. */
    @Property(tries = 8)
    void alsoIfLinksWereCutBefore(@ForAll long seed) {
        int limit = 20 + (int) Math.floorMod(seed, 60L);
        SimulatedNodes nodes = new SimulatedNodes(seed, limit);
        nodes.cutLinksSometimes();
        nodes.callEverywhere(400);
        nodes.run(20 * SECOND_MS);
        nodes.cutLinksNoMore();
        nodes.run(5 * SECOND_MS);
        assertThat(nodes.mostOpen()).isEqualTo(limit);

        SimulatedNodes.UnsureCalls unsure = nodes.kill((int) Math.floorMod(seed, 3L));
        nodes.answerAll();
        nodes.neverHangUp();
        nodes.run(75 * SECOND_MS);

        assertThat(nodes.open()).isBetween(limit, limit + unsure.answered());
    }

    @Test
    void oneNodeAloneMayHaveAllPlaces() {
        SimulatedNodes nodes = new SimulatedNodes(1, 100);
        nodes.answerAll();
        nodes.callAt(2, 400);
        nodes.neverHangUp();

        nodes.run(5 * SECOND_MS);

        assertThat(nodes.open()).isEqualTo(100);
    }

    @Test
    void aLimitOfOneMovesToTheNodeThatNeedsIt() {
        SimulatedNodes nodes = new SimulatedNodes(1, 1);
        nodes.answerAll();
        nodes.neverHangUp();
        nodes.run(SECOND_MS);
        for (int round = 0; round < 30; round++) {
            nodes.call(round % 3);
            nodes.run(SECOND_MS / 4);
            assertThat(nodes.open()).isEqualTo(1);
            nodes.hangUpAll();
            nodes.run(SECOND_MS / 4);
            assertThat(nodes.open()).isZero();
        }
        assertThat(nodes.refused()).isZero();
    }

    /** The callers hang up through any node, also the calls of a dead one. Those that it was setting up count for a minute. */
    @Test
    void theCountReturnsToZero() {
        SimulatedNodes nodes = new SimulatedNodes(7, 40);
        nodes.callEverywhere(200);
        nodes.run(10 * SECOND_MS);
        nodes.kill(0);
        nodes.run(10 * SECOND_MS);

        nodes.callEverywhere(0);
        nodes.run(75 * SECOND_MS);

        assertThat(nodes.open()).isZero();
        assertThat(nodes.used()).isEqualTo(List.of(0, 0));
        nodes.answerAll();
        nodes.callAt(1, 400);
        nodes.neverHangUp();
        nodes.run(3 * SECOND_MS);
        assertThat(nodes.open()).isEqualTo(40);
    }

    /**
     * The BYEs of a killed node's calls wait at a node that is removed in a pause: it tells the others in vain which of
     * these calls have ended, and hears of them again when it has joined again.
     */
    @Test
    void theEndsOfCallsAreNotForgottenInARemoval() {
        SimulatedNodes nodes = new SimulatedNodes(7, 40);
        nodes.callsLast(20_000);
        nodes.hangUpAlongRoute();
        nodes.callEverywhere(200);
        nodes.run(20 * SECOND_MS);
        nodes.killForGood(0, 1);
        nodes.run(4 * SECOND_MS);
        nodes.pauseForLong(1);
        nodes.run(10 * SECOND_MS);

        nodes.callEverywhere(0);
        nodes.run(75 * SECOND_MS);

        assertThat(nodes.open()).isZero();
        assertThat(nodes.used()).isEqualTo(List.of(0, 0));
        assertThat(nodes.elsewhere()).isEqualTo(List.of(0, 0));
    }

    @Property(tries = 3)
    void lostNewsAreToldAgain(@ForAll long seed) {
        SimulatedNodes nodes = new SimulatedNodes(seed, 60);
        nodes.loseSomeNews();
        nodes.callEverywhere(150);
        nodes.run(20 * SECOND_MS);

        nodes.callEverywhere(0);
        nodes.run(50 * SECOND_MS);

        assertThat(nodes.open()).isZero();
        assertThat(nodes.elsewhere()).isEqualTo(List.of(0, 0, 0));
    }

    /** Kills, pauses in which a node is removed, and cut links, as with real nodes. */
    @Property(tries = 3)
    void noCallRemainsAfterManyFailures(@ForAll long seed) {
        SimulatedNodes nodes = new SimulatedNodes(seed, 60);
        nodes.callsLast(10_000);
        nodes.hangUpAlongRoute();
        nodes.callEverywhere(200);
        for (int round = 0; round < 3; round++) {
            nodes.run(4 * SECOND_MS);
            nodes.killForGood(round, (round + 1) % 3);
            nodes.run(4 * SECOND_MS);
            nodes.restart(round);
            nodes.run(SECOND_MS);
            nodes.pauseForLong((round + 1) % 3);
            nodes.run(9 * SECOND_MS);
            nodes.cutForLong(round, (round + 1) % 3);
            nodes.run(4 * SECOND_MS);
        }

        nodes.callEverywhere(0);
        nodes.run(80 * SECOND_MS);

        assertThat(nodes.open()).isZero();
        assertThat(nodes.used()).isEqualTo(List.of(0, 0, 0));
        assertThat(nodes.elsewhere()).isEqualTo(List.of(0, 0, 0));
        nodes.answerAll();
        nodes.neverHangUp();
        nodes.callAt((int) Math.floorMod(seed, 3L), 400);
        nodes.run(3 * SECOND_MS);
        assertThat(nodes.open()).isEqualTo(nodes.limit());
    }

    /** A day with lost messages, lost BYEs and pauses. {@code -Dhours=1} sets another length. */
    @Test
    @Tag("long")
    void theCountReturnsToZeroAfterADay() {
        SimulatedNodes nodes = new SimulatedNodes(11, 8);
        nodes.loseSomeOfTheSharing();
        nodes.loseSomeByes();
        nodes.pauseSometimes();
        nodes.callEverywhere(12);
        nodes.run(Integer.getInteger("hours", 24) * HOUR_MS);
        System.out.printf("figures: %d calls, %d refused%n", nodes.placed(), nodes.refused());
        assertThat(nodes.mostOpen()).isEqualTo(nodes.limit());

        nodes.callEverywhere(0);
        nodes.pauseNoMore();
        nodes.run(HOUR_MS + 75 * SECOND_MS);

        assertThat(nodes.open()).isZero();
        assertThat(nodes.used()).isEqualTo(List.of(0, 0, 0));
        nodes.answerAll();
        nodes.neverHangUp();
        nodes.callAt(1, 400);
        nodes.run(5 * SECOND_MS);
        assertThat(nodes.open()).isEqualTo(nodes.limit());
    }

    @Test
    void aRateIsOneRate() {
        SimulatedNodes nodes = new SimulatedNodes(3, 0, 50);
        nodes.callEverywhere(90);
        nodes.run(2 * SECOND_MS);
        int before = nodes.placed();

        nodes.run(30 * SECOND_MS);

        assertThat(nodes.placed() - before).isBetween(1470, 1530);
    }

    @Test
    void aRateThroughOneNodeIsTheWholeRate() {
        SimulatedNodes nodes = new SimulatedNodes(3, 0, 50);
        nodes.callAt(1, 90);
        nodes.run(2 * SECOND_MS);
        int before = nodes.placed();

        nodes.run(30 * SECOND_MS);

        assertThat(nodes.placed() - before).isBetween(1470, 1530);
    }
}
