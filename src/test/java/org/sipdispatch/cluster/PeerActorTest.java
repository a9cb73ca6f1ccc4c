package org.sipdispatch.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sipdispatch.destination.PeerProbeResult;
import org.sipdispatch.destination.Ping;
import org.sipdispatch.destination.PingResult;
import org.sipdispatch.destination.PingResult.PingOutcome;
import org.sipdispatch.membership.ManualMembership;

class PeerActorTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final Ping PING = new Ping(null, "OPTIONS", "sip:a@b", 70, null, 1_000);
    private static final PingResult REPLIED = new PingResult(PingOutcome.REPLIED, 200, 1);

    private final ManualMembership membership = new ManualMembership();
    private final List<Ping> sent = new ArrayList<>();
    private final TestProbe<PeerProbeResult> asking = KIT.createTestProbe();
    private ActorRef<PeerActor.Command> peer;

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @BeforeEach
    void start() {
        PeerActor.Setup setup = new PeerActor.Setup(
                (ping, pauses, then) -> {
                    sent.add(ping);
                    then.accept(REPLIED);
                },
                membership.lease(),
                null,
                null,
                "10.0.0.1:25520");
        peer = KIT.spawn(PeerActor.create(setup));
    }

    private PingResult probe() {
        peer.tell(new PeerActor.Probe(PING, asking.getRef()));
        return asking.receiveMessage().result();
    }

    @Test
    void aMemberPingsForAnotherNode() {
        membership.confirm(1, 2);

        assertThat(probe()).isEqualTo(REPLIED);
        assertThat(sent).containsExactly(PING);
    }

    @Test
    void aQuestionThatWaitedDuringAPauseCausesNoPing() {
        membership.confirm(1, 2);
        membership.pause(Duration.ofSeconds(20));

        assertThat(probe().outcome()).isEqualTo(PingOutcome.NO_EVIDENCE);
        assertThat(sent).isEmpty();
    }
}
