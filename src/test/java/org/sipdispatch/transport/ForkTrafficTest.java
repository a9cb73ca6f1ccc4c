package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.agents.UdpPeer;

/** Parallel forking over UDP to six user agents, alone and beside a Kamailio with the same destinations. */
@Timeout(120)
class ForkTrafficTest extends TrafficFixture {
    private final UdpPeer caller = closing(new UdpPeer(HOST));
    private final List<UdpPeer> callees = Stream.generate(() -> closing(ForkScene.callee(HOST)))
            .limit(ForkScene.CALLEES)
            .toList();

    private ForkScene throughNode(String method, String... relay) {
        if (node == null) {
            String rule =
                    "rules = [{ select { set = 1, alg = parallel }, relay { " + String.join(" ", relay) + " } }]\n";
            node = closing(TestNode.start(TestNode.sockets("main", TestNode.udp(udpSocket)) + rule, uris()));
        }
        return scene(udpSocket).begins(method);
    }

    private String[] uris() {
        return callees.stream()
                .map(callee -> "sip:" + SipText.hostPort(callee.address()))
                .toArray(String[]::new);
    }

    private ForkScene scene(InetSocketAddress proxy) {
        return new ForkScene(proxy, caller, callees);
    }

    @ParameterizedTest
    @EnumSource(ForkStory.class)
    void theCallerSeesTheResponsesThatTheRfcNames(ForkStory story) {
        ForkScene scene = throughNode("INVITE");

        story.happens(scene);

        assertThat(scene.responses()).isEqualTo(story.responses());
        assertThat(scene.reached("CANCEL")).isEqualTo(story.cancelled());
    }

    /** The same codes: Kamailio forwards the 487 of a destination, and writes a combined 401 itself. */
    @Tag("long")
    @ParameterizedTest
    @EnumSource(ForkStory.class)
    void theCallerOfAKamailioSeesTheSame(ForkStory story) throws Exception {
        ForkingKamailio kamailio = closing(ForkingKamailio.start(List.of(uris())));
        ForkScene scene = scene(kamailio.address()).begins("INVITE");

        story.happens(scene);

        assertThat(codes(scene.responses())).isEqualTo(codes(story.responses()));
        assertThat(scene.reached("CANCEL")).isEqualTo(story.cancelled());
    }

    private static List<String> codes(List<String> responses) {
        return responses.stream().map(one -> one.replaceFirst(" .*", "")).toList();
    }

    @Test
    void theChallengesOfAllReachTheCaller() {
        ForkScene scene = throughNode("INVITE");

        ForkStory.THREE_CHALLENGE.happens(scene);

        assertThat(scene.realms(401)).containsExactly("r2", "r3", "r5");
    }

    @Test
    void aMessageIsAnsweredOnce() {
        ForkScene scene = throughNode("MESSAGE");

        scene.respond("MESSAGE", 486, 1).respond("MESSAGE", 200, 2).callerHas(1, 200);
        scene.respond("MESSAGE", 200, 3).respond("MESSAGE", 404, 4);

        ForkScene next = throughNode("MESSAGE");
        next.respond("MESSAGE", 200, 1).callerHas(1, 200);
        assertThat(scene.responses()).containsExactly("200 of 2");
        assertThat(scene.reached("CANCEL")).isEmpty();
    }

    /** One that is silent for longer than the others need to refuse. */
    @Test
    void oneThatIsSilentDelaysTheRefusalOfTheOthersAndHasFailed() {
        ForkScene scene = throughNode("INVITE", "fr_timeout = 1s");

        scene.respond("INVITE", 486, 1, 2, 3, 4, 6).fails(486);

        assertThat(scene.responses()).containsExactly("486 of 1");
        await().until(() -> node.observations().stream()
                .anyMatch(one -> one.failed() > 0 && one.destination().uri().equals(uris()[4])));
        assertThat(node.observations())
                .filteredOn(one -> one.failed() > 0)
                .allMatch(one -> one.destination().uri().equals(uris()[4]));
    }
}
