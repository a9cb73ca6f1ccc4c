package org.sipdispatch.freeswitch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.javadsl.Adapter;
import akka.actor.typed.javadsl.Behaviors;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sipdispatch.agents.EventSocketServer;
import org.sipdispatch.agents.Ports;

/** One connection to an event socket, played by a test server. */
class EventSocketActorTest {
    private static final ActorTestKit KIT = ActorTestKit.create("event-socket");
    private static final Duration LONG = Duration.ofSeconds(30);

    private final EventSocketServer server = new EventSocketServer("auth ClueCon");
    private final List<EventSocketReport> reports = new CopyOnWriteArrayList<>();

    EventSocketActorTest() throws IOException {}

    @AfterEach
    void close() {
        server.close();
    }

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    private void connect(EventSocketUrl url, Duration heartbeatTimeout) {
        KIT.spawn(Behaviors.setup(context -> {
            Adapter.actorOf(context, EventSocketActor.props(url, heartbeatTimeout, reports::add));
            return Behaviors.empty();
        }));
    }

    private void awaitReports(EventSocketReport... expected) {
        await().atMost(LONG).untilAsserted(() -> assertThat(reports).containsExactly(expected));
    }

    @Test
    void heartbeatsAreReportedAfterTheLogin() {
        connect(server.url(":ClueCon"), LONG);
        awaitReports(EventSocketReport.Subscribed.INSTANCE);

        server.heartbeat(5, 1000, "99.5");

        awaitReports(
                EventSocketReport.Subscribed.INSTANCE,
                new EventSocketReport.HeartbeatReceived(new HeartbeatEvent(5, 1000, 99.5f)));
        assertThat(server.commands).containsExactly("auth ClueCon", "event plain HEARTBEAT");
    }

    @Test
    void aUserLogsInWithItsName() throws IOException {
        try (EventSocketServer users = new EventSocketServer("userauth ann@example.com:pw")) {
            connect(users.url("ann@example.com:pw"), LONG);

            awaitReports(EventSocketReport.Subscribed.INSTANCE);
        }
    }

    @Test
    void aWrongPasswordIsRefused() {
        connect(server.url(":wrong"), LONG);

        awaitReports(new EventSocketReport.Closed("login refused"));
    }

    @Test
    void nobodyListens() {
        connect(EventSocketUrl.parse("fs://:ClueCon@127.0.0.1:" + Ports.next()), LONG);

        awaitReports(new EventSocketReport.Closed("not reachable"));
    }

    @Test
    void aLostConnectionIsReportedOnce() {
        connect(server.url(":ClueCon"), LONG);
        awaitReports(EventSocketReport.Subscribed.INSTANCE);

        server.drop();

        awaitReports(EventSocketReport.Subscribed.INSTANCE, new EventSocketReport.Closed("connection closed"));
    }

    @Test
    void silenceEndsTheConnection() {
        connect(server.url(":ClueCon"), Duration.ofMillis(200));

        awaitReports(EventSocketReport.Subscribed.INSTANCE, new EventSocketReport.Closed("no heartbeat"));
    }

    @Test
    void garbageEndsTheConnection() {
        connect(server.url(":ClueCon"), LONG);
        awaitReports(EventSocketReport.Subscribed.INSTANCE);

        server.send("X".repeat(20_000));

        awaitReports(
                EventSocketReport.Subscribed.INSTANCE,
                new EventSocketReport.Closed("not an event socket: no empty line within 16384 bytes"));
    }

    @Test
    void otherEventsAreIgnoredAndMalformedHeartbeatsAreReported() {
        connect(server.url(":ClueCon"), LONG);
        awaitReports(EventSocketReport.Subscribed.INSTANCE);

        server.send("Content-Type: text/event-json\nContent-Length: 2\n\n{}");
        server.heartbeat(1, 0, "99");
        server.heartbeat(2, 10, "50.0");

        awaitReports(
                EventSocketReport.Subscribed.INSTANCE,
                EventSocketReport.UnusableHeartbeat.INSTANCE,
                new EventSocketReport.HeartbeatReceived(new HeartbeatEvent(2, 10, 50)));
    }
}
