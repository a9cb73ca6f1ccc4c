package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.sipdispatch.agents.CallingAgent;

/** Three real nodes with failing paths between them. */
class PartitionTest {
    /** Not the first one: the test itself receives HTTP responses at its address. */
    private static final int LONELY = 1;

    /** It never answers. */
    private static final int DEAD = CutScene.DESTINATIONS - 1;

    private static final Duration LONGEST = Duration.ofSeconds(40);
    /** Longer than {@link #awaitOneProber} looks back, so that it sees nothing of the time before. */
    private static final long AFTERWARDS_MS = 3500;

    private static final long SECOND_NS = 1_000_000_000L;
    private static final String MORE = """
            probing { ds_ping_interval = 1s, ds_probing_mode = 1, ping-timeout = 500ms }
            rules = [ { select { set = "1", alg = "4", flags = "F" }, relay { fr_timeout = 500ms, mark = probing } } ]
            """;
    private static final Pattern EVENT = Pattern.compile(
            "DestinationEvent\\[id=([^,]+),.*version=StatusVersion\\[term=(\\d+), change=(\\d+), node=(-?\\d+)");

    /** If one node cannot reach a destination, the others say why it stays in rotation. */
    @Test
    @Tag("long")
    void aDestinationThatOneNodeCannotReachStaysInRotationAndANodeThatIsCutOffComesBack() throws Exception {
        try (CutScene scene = CutScene.start("one_path", 3, MORE)) {
            int owner = scene.owner(LONELY);
            disputed(scene, "its prober's", owner, owner, true);
            cutOff(scene, 0, 10, 20);
        }
    }

    @Test
    @Tag("long")
    void aDestinationThatAnotherNodeThanItsProberCannotReachStaysInRotation() throws Exception {
        try (CutScene scene = CutScene.start("another_path", 3, MORE)) {
            int owner = scene.owner(LONELY);
            disputed(scene, "another node's", (owner + 1) % 3, owner, true);
        }
    }

    /** Cuts a node's path to one destination, which must stay in all views. */
    private static void disputed(CutScene scene, String whose, int cut, int owner, boolean calls) throws Exception {
        String id = scene.destinations().id(LONELY);
        try (CallingAgent caller =
                CallingAgent.start(scene.caller(), scene.cluster().sip(cut), calls ? 40 : 1)) {
            long cutNs = System.nanoTime();
            scene.network().cut(cut, scene.network().agent(LONELY));
            JsonNode[] shown = new JsonNode[2];
            int[] looks = new int[2];
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(100))
                    .atMost(LONGEST)
                    .until(() -> {
                        JsonNode report = scene.cluster().report((owner + 1) % 3, id);
                        shown[1] = report;
                        if (report.path("disputed").asBoolean()) {
                            shown[0] = report;
                        }
                        for (int node = 0; node < 3; node++) {
                            looks[0]++;
                            looks[1] += scene.cluster()
                                            .destination(node, id)
                                            .path("takesTraffic")
                                            .asBoolean()
                                    ? 0
                                    : 1;
                        }
                        return System.nanoTime() - cutNs > 8 * SECOND_NS
                                && (shown[0] != null || System.nanoTime() - cutNs > 20 * SECOND_NS);
                    });
            scene.network().mend(cut, scene.network().agent(LONELY));
            caller.finish();
            assertThat(shown[0]).as("disputed, at last %s", shown[1]).isNotNull();

            System.out.printf(
                    "figures: %s path cut for %d ms: out of rotation in %d of %d looks at three nodes; failures=%d,"
                            + " opinions %s; %d calls through that node, %d failed%n",
                    whose,
                    ms(cutNs, System.nanoTime()),
                    looks[1],
                    looks[0],
                    shown[0].path("failures").asInt(),
                    shown[0].path("opinions"),
                    caller.placed(),
                    caller.failures().size());
            assertThat(looks[1]).isZero();
            assertThat(shown[0].path("opinions"))
                    .anyMatch(opinion -> opinion.path("code").asInt() == 200
                            && !opinion.path("node")
                                    .asText()
                                    .equals(scene.cluster().name(cut)));
            assertThat(caller.failures()).isEmpty();
            scene.cluster().awaitOnAll(id, seen -> seen.path("failures").asInt() == 0);
        }
    }

    @Test
    @Tag("long")
    void eachNodeThatIsCutOffForHalfAMinuteDispatchesAndComesBack() throws Exception {
        try (CutScene scene = CutScene.start("cut_off_long", 3, MORE)) {
            for (int node = 0; node < 3; node++) {
                cutOff(scene, node, 30, 50);
            }
        }
    }

    private static void cutOff(CutScene scene, int lost, int seconds, int callsPerSecond) throws Exception {
        scene.destinations().fallSilent(DEAD);
        scene.cluster()
                .awaitOnAll(
                        scene.destinations().id(DEAD),
                        seen -> !seen.path("takesTraffic").asBoolean());
        int deadCalls = scene.destinations().invites(DEAD);
        int other = (lost + 1) % 3;
        try (CallingAgent isolated =
                        CallingAgent.start(scene.caller(), scene.cluster().sip(lost), callsPerSecond);
                CallingAgent rest =
                        CallingAgent.start(scene.caller(), scene.cluster().sip(other), callsPerSecond)) {
            Awaitility.await().atMost(LONGEST).until(() -> isolated.completed() > 20 && rest.completed() > 20);
            String before = scene.cluster().node(lost).log();
            long cutNs = System.nanoTime();
            part(scene, lost);
            boolean[] unready = new boolean[1];
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(200))
                    .atMost(LONGEST)
                    .until(() -> {
                        unready[0] |= saysUnready(scene, lost);
                        return System.nanoTime() - cutNs > seconds * SECOND_NS;
                    });
            int isolatedCalls = isolated.completed();
            long healedNs = System.nanoTime();
            join(scene, lost);
            scene.cluster().awaitMembers(3);
            long backNs = System.nanoTime();
            scene.awaitEqualViews();
            long equalNs = System.nanoTime();
            Awaitility.await().atMost(LONGEST).until(() -> ms(equalNs, System.nanoTime()) > AFTERWARDS_MS);
            awaitOneProber(scene);
            long stableNs = System.nanoTime();
            isolated.finish();
            rest.finish();

            tell(scene, lost, new long[] {cutNs, healedNs, backNs, equalNs, stableNs}, List.of(isolated, rest));
            System.out.printf(
                    "figures: cut off: not ready then: %s, INVITEs to the dead destination meanwhile: %d%n",
                    unready[0], scene.destinations().invites(DEAD) - deadCalls);
            assertThat(scene.cluster().node(lost).log().substring(before.length()))
                    .contains("this node was removed from the cluster");
            assertThat(unready[0]).isTrue();
            assertThat(isolatedCalls).isGreaterThan(callsPerSecond * seconds / 2);
            assertThat(isolated.failures()).isEmpty();
            assertThat(rest.failures()).isEmpty();
            assertThat(scene.destinations().invites(DEAD)).isEqualTo(deadCalls);
            eventsAreInOrder(scene);
        }
    }

    private static void tell(CutScene scene, int lost, long[] at, List<CallingAgent> callers) {
        System.out.printf(
                "figures: node %d cut off for %d ms: pings doubled then %d, afterwards %d; after healing: all up %d ms,"
                        + " then views equal %d ms, one prober each %d ms; calls cut-off %d (failed %d), rest %d (failed"
                        + " %d)%n",
                lost,
                ms(at[0], at[1]),
                scene.destinations().doubles(at[0], at[1]),
                scene.destinations().doubles(at[1], at[4]),
                ms(at[1], at[2]),
                ms(at[2], at[3]),
                ms(at[2], at[4]),
                callers.get(0).placed(),
                callers.get(0).failures().size(),
                callers.get(1).placed(),
                callers.get(1).failures().size());
    }

    private static void part(CutScene scene, int lost) {
        scene.network().part(lost, (lost + 1) % 3);
        scene.network().part(lost, (lost + 2) % 3);
    }

    private static void join(CutScene scene, int lost) {
        scene.network().join(lost, (lost + 1) % 3);
        scene.network().join(lost, (lost + 2) % 3);
    }

    private static boolean saysUnready(CutScene scene, int node) {
        try {
            JsonNode ready = scene.cluster().get(node, "/dispatcher/ready");
            return ready.has("ready") && !ready.path("ready").asBoolean();
        } catch (java.io.UncheckedIOException between) {
            return false;
        }
    }

    /** Waits for three seconds in which one node pinged each destination about three times. */
    private static void awaitOneProber(CutScene scene) {
        Awaitility.await().pollInterval(Duration.ofMillis(200)).atMost(LONGEST).untilAsserted(() -> {
            long nowNs = System.nanoTime();
            Map<Integer, Set<String>> probers = scene.destinations().probers(nowNs - 3 * SECOND_NS, nowNs);
            assertThat(probers).hasSize(CutScene.DESTINATIONS);
            assertThat(probers.values()).allMatch(by -> by.size() == 1);
        });
    }

    private static void eventsAreInOrder(CutScene scene) {
        for (int node = 0; node < 3; node++) {
            Map<String, long[]> last = new HashMap<>();
            for (Matcher event = EVENT.matcher(scene.cluster().node(node).log()); event.find(); ) {
                long[] version = {
                    Long.parseLong(event.group(2)), Long.parseLong(event.group(4)), Long.parseLong(event.group(3))
                };
                long[] before = last.put(event.group(1), version);
                assertThat(before == null || java.util.Arrays.compare(before, version) < 0)
                        .as("%s after %s", event.group(), java.util.Arrays.toString(before))
                        .isTrue();
            }
        }
    }

    private static long ms(long fromNs, long toNs) {
        return (toNs - fromNs) / 1_000_000;
    }
}
