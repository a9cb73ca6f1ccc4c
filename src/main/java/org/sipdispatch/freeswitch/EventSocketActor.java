package org.sipdispatch.freeswitch;

import akka.actor.AbstractActorWithTimers;
import akka.actor.ActorRef;
import akka.actor.Props;
import akka.actor.Terminated;
import akka.io.Tcp;
import akka.io.TcpMessage;
import akka.io.TcpSO;
import akka.util.ByteString;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * One connection to an event socket in inbound mode: logs in, subscribes to heartbeats and reports them. It ends with
 * the connection; the next attempt is another actor. Untyped, because the connection of Akka IO is known by its sender.
 */
public final class EventSocketActor extends AbstractActorWithTimers {
    /** Time limit for connection, login and subscription, each. */
    private static final Duration ANSWER = Duration.ofSeconds(5);

    private enum Silent {
        INSTANCE
    }

    private final EventSocketUrl url;
    private final Duration heartbeatTimeout;
    private final Consumer<EventSocketReport> reports;
    private final EventSocketReader reader = new EventSocketReader();
    private ActorRef tcp;
    private boolean loggedIn;
    private boolean subscribed;
    private boolean ended;

    /** {@code reports} is called on the actor's thread. */
    public static Props props(EventSocketUrl url, Duration heartbeatTimeout, Consumer<EventSocketReport> reports) {
        return Props.create(EventSocketActor.class, () -> new EventSocketActor(url, heartbeatTimeout, reports));
    }

    private EventSocketActor(EventSocketUrl url, Duration heartbeatTimeout, Consumer<EventSocketReport> reports) {
        this.url = url;
        this.heartbeatTimeout = heartbeatTimeout;
        this.reports = reports;
    }

    @Override
    public void preStart() {
        // Akka resolves the name on a thread that may block.
        InetSocketAddress remote = InetSocketAddress.createUnresolved(url.host(), url.port());
        Tcp.get(getContext().getSystem())
                .manager()
                .tell(TcpMessage.connect(remote, null, List.of(TcpSO.keepAlive(true)), ANSWER, true), getSelf());
    }

    @Override
    public Receive createReceive() {
        return receiveBuilder()
                .match(Tcp.Connected.class, connected -> onConnected())
                .match(Tcp.Received.class, received -> onReceived(received.data()))
                .match(Tcp.CommandFailed.class, failed -> end(tcp == null ? "not reachable" : "connection lost"))
                .match(Tcp.ConnectionClosed.class, closed -> end("connection closed"))
                .match(Terminated.class, gone -> end("connection lost"))
                .matchEquals(Silent.INSTANCE, silent -> end(subscribed ? "no heartbeat" : "no answer to the login"))
                .build();
    }

    private void onConnected() {
        tcp = getSender();
        getContext().watch(tcp);
        tcp.tell(TcpMessage.register(getSelf()), getSelf());
        tcp.tell(TcpMessage.resumeReading(), getSelf());
        expectWithin(ANSWER);
    }

    private void expectWithin(Duration time) {
        getTimers().startSingleTimer(Silent.class, Silent.INSTANCE, time);
    }

    private void onReceived(ByteString data) {
        for (EventSocketMessage message : reader.read(data.toArray())) {
            if (!ended) {
                onMessage(message);
            }
        }
        if (reader.problem().isEmpty()) {
            tcp.tell(TcpMessage.resumeReading(), getSelf());
        } else {
            end("not an event socket: " + reader.problem());
        }
    }

    private void onMessage(EventSocketMessage message) {
        switch (message.contentType()) {
            case "auth/request" -> send(login());
            case "command/reply" -> onReply(message.isAccepted());
            case "text/event-plain" -> onEvent(message.heartbeat());
            case "text/rude-rejection" -> end("refused by the access list of FreeSWITCH");
            case "text/disconnect-notice" -> end("closed by FreeSWITCH");
            default -> {
                // Nothing else was requested.
            }
        }
    }

    private String login() {
        return url.user().isEmpty() ? "auth " + url.password() : "userauth " + url.user() + ":" + url.password();
    }

    private void onReply(boolean accepted) {
        if (!accepted) {
            end(loggedIn ? "subscription refused" : "login refused");
        } else if (!loggedIn) {
            loggedIn = true;
            expectWithin(ANSWER);
            send("event plain HEARTBEAT");
        } else if (!subscribed) {
            subscribed = true;
            expectWithin(heartbeatTimeout);
            reports.accept(EventSocketReport.Subscribed.INSTANCE);
        }
    }

    private void onEvent(HeartbeatEvent event) {
        if (event != null && subscribed) {
            expectWithin(heartbeatTimeout);
            reports.accept(new EventSocketReport.HeartbeatReceived(event));
        } else if (subscribed) {
            reports.accept(EventSocketReport.UnusableHeartbeat.INSTANCE);
        }
    }

    private void send(String command) {
        tcp.tell(TcpMessage.write(ByteString.fromString(command + "\n\n")), getSelf());
    }

    private void end(String why) {
        if (!ended) {
            ended = true;
            reports.accept(new EventSocketReport.Closed(why));
            getContext().stop(getSelf());
        }
    }

    /** Akka closes the connection of an actor that has stopped. */
    @Override
    public void postStop() {
        if (!ended) {
            reports.accept(new EventSocketReport.Closed("stopped"));
        }
    }
}
