package org.sipdispatch.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sipdispatch.agents.EventSocketServer;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.freeswitch.EventSocketUrl;
import org.sipdispatch.freeswitch.FreeswitchSettings;
import org.sipdispatch.replication.ChangeFeed;
import org.sipdispatch.replication.FreeswitchWeight;
import org.sipdispatch.replication.ReplicaSamples;
import org.sipdispatch.replication.Samples;
import org.slf4j.LoggerFactory;

/** The connections of one node to event sockets, played by a test server. */
class EventSocketManagerActorTest {
    private static final ActorTestKit KIT = ActorTestKit.create("event-sockets");
    private static final long SELF = 7;
    private static final String A = "default:1:sip:a";
    private static final String B = "default:1:sip:b";

    private final EventSocketServer server = new EventSocketServer("auth ClueCon");
    private final Map<String, FreeswitchWeight> replicated = new ConcurrentHashMap<>();
    private final List<FreeswitchWeight> reports = new CopyOnWriteArrayList<>();
    private final AtomicInteger heartbeats = new AtomicInteger();
    private final AtomicInteger unusable = new AtomicInteger();
    private final AtomicLong nowMs = new AtomicLong(System.currentTimeMillis());
    private final AtomicBoolean faulty = new AtomicBoolean();

    EventSocketManagerActorTest() throws IOException {}

    @AfterEach
    void close() {
        server.close();
    }

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    private ChangeFeed start(Duration keepWeight, Definition... definitions) {
        ChangeFeed feed = ReplicaSamples.feed(List.of(definitions), SELF);
        KIT.spawn(EventSocketManagerActor.create(new EventSocketManagerActor.Setup(
                new FreeswitchSettings(true, 100, keepWeight, Duration.ofMinutes(1)),
                feed,
                this::replicate,
                SELF,
                usable -> (usable ? heartbeats : unusable).incrementAndGet(),
                nowMs::get)));
        return feed;
    }

    private void replicate(Map<String, FreeswitchWeight> weights) {
        if (faulty.getAndSet(false)) {
            throw new IllegalStateException("the fault of a test");
        }
        replicated.putAll(weights);
        reports.addAll(weights.values());
    }

    private static Definition definition(String uri, EventSocketUrl url) {
        return Samples.definition(1, uri, 100).withEventSocket(url);
    }

    private void awaitWeight(String id, int weight, boolean connected) {
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            FreeswitchWeight known = replicated.get(id);
            return known != null && known.weight() == weight && known.connected() == connected;
        });
    }

    @Test
    void oneConnectionServesTwoDestinationsAndTheirWeightsFollowEachHeartbeat() {
        EventSocketUrl url = server.url(":ClueCon");
        start(Duration.ofMinutes(1), definition("sip:a", url), definition("sip:b", url));
        awaitWeight(A, 100, true);

        server.heartbeat(500, 1000, "100.0");
        awaitWeight(A, 50, true);
        awaitWeight(B, 50, true);
        server.heartbeat(900, 1000, "50.0");
        awaitWeight(A, 5, true);
        awaitWeight(B, 5, true);

        assertThat(server.commands).containsExactly("auth ClueCon", "event plain HEARTBEAT");
        assertThat(heartbeats).hasValue(2);
    }

    @Test
    void heartbeatsWithoutNumbersAreCountedAndChangeNoWeight() {
        start(Duration.ofMinutes(1), definition("sip:a", server.url(":ClueCon")));
        awaitWeight(A, 100, true);

        server.send(EventSocketServer.event(500, 1000, "many"));
        server.heartbeat(900, 1000, "100.0");

        awaitWeight(A, 10, true);
        assertThat(unusable).hasValue(1);
        assertThat(heartbeats).hasValue(1);
        assertThat(reports).extracting(FreeswitchWeight::weight).doesNotContain(50);
    }

    @Test
    void aDroppedConnectionIsOpenedAgainAndTheWeightStaysMeanwhile() {
        start(Duration.ofMinutes(1), definition("sip:a", server.url(":ClueCon")));
        awaitWeight(A, 100, true);
        server.heartbeat(500, 1000, "100.0");
        awaitWeight(A, 50, true);

        server.drop();

        awaitWeight(A, 50, false);
        awaitWeight(A, 50, true);
        server.heartbeat(0, 1000, "100.0");
        awaitWeight(A, 100, true);
    }

    @Test
    void theLogSaysTheTimeThatIsLeftBecauseTheFirstCloseStartsIt() {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Logger log = (Logger) LoggerFactory.getLogger(EventSocketManagerActor.class);
        lines.start();
        log.addAppender(lines);
        try {
            start(Duration.ofMinutes(1), definition("sip:a", server.url(":ClueCon")));
            awaitWeight(A, 100, true);
            server.heartbeat(500, 1000, "100.0");
            for (int i = 0; i < 3; i++) {
                awaitWeight(A, 50, true);
                server.drop();
                awaitWeight(A, 50, false);
                nowMs.addAndGet(30_000);
            }
        } finally {
            log.detachAppender(lines);
        }

        assertThat(List.copyOf(lines.list))
                .extracting(ILoggingEvent::getFormattedMessage)
                .filteredOn(line -> line.startsWith(server.url(":ClueCon") + ": away: "))
                .extracting(line -> line.replaceAll(".*; ", ""))
                .containsExactly("the weights stay for 60s", "the weights stay for 30s", "the initial weight applies");
    }

    @Test
    void theInitialWeightAppliesWhenTheEventSocketStaysAway() {
        start(Duration.ofSeconds(3), definition("sip:a", server.url(":ClueCon")));
        awaitWeight(A, 100, true);
        server.heartbeat(500, 1000, "100.0");
        awaitWeight(A, 50, true);

        server.close();

        awaitWeight(A, 50, false);
        awaitWeight(A, 100, false);
    }

    @Test
    void aWrongPasswordIsAwayAndStopsNothingElse() {
        start(
                Duration.ofMinutes(1),
                definition("sip:a", server.url(":wrong")),
                definition("sip:b", server.url(":ClueCon")));

        awaitWeight(A, 100, false);
        awaitWeight(B, 100, true);
        server.heartbeat(500, 1000, "100.0");
        awaitWeight(B, 50, true);
        assertThat(replicated.get(A).weight()).isEqualTo(100);
        assertThat(reports.toString()).doesNotContain("wrong", "ClueCon");
    }

    @Test
    void theConnectionEndsWithItsLastDestination() {
        ChangeFeed feed = start(Duration.ofMinutes(1), definition("sip:a", server.url(":ClueCon")));
        awaitWeight(A, 100, true);

        ReplicaSamples.publish(feed, List.of(definition("sip:a", server.url(":ClueCon"))), SELF + 1);

        await().until(() -> server.subscribers() == 0);
    }

    @Test
    void aFaultEndsNothing() {
        faulty.set(true);
        start(Duration.ofMinutes(1), definition("sip:a", server.url(":ClueCon")));
        await().untilFalse(faulty);

        server.heartbeat(500, 1000, "100.0");

        awaitWeight(A, 50, true);
    }
}
