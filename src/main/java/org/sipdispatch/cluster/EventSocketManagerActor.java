package org.sipdispatch.cluster;

import akka.actor.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Adapter;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.sipdispatch.freeswitch.EventSocketActor;
import org.sipdispatch.freeswitch.EventSocketReport;
import org.sipdispatch.freeswitch.EventSocketUrl;
import org.sipdispatch.freeswitch.FreeswitchSettings;
import org.sipdispatch.membership.Supervision;
import org.sipdispatch.replication.ChangeFeed;
import org.sipdispatch.replication.DestinationRegistry;
import org.sipdispatch.replication.FreeswitchWeight;
import org.sipdispatch.replication.ReplicatedWeights;
import org.sipdispatch.settings.LogReminder;
import org.sipdispatch.settings.Section;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connects this node to the event sockets of the destinations whose actors are here, one connection for each, and
 * replicates the weights that their heartbeats mean. When a destination's actor moves, the connection moves with it.
 */
final class EventSocketManagerActor extends AbstractBehavior<EventSocketManagerActor.Command> {
    private static final Logger LOG = LoggerFactory.getLogger(EventSocketManagerActor.class);
    private static final Duration REFRESH_DELAY = Duration.ofMillis(100);
    private static final long FIRST_RETRY_MS = 1000;
    private static final int MOST_DOUBLINGS = 5;

    sealed interface Command {}

    private enum DestinationsChanged implements Command {
        INSTANCE
    }

    private enum RefreshDue implements Command {
        INSTANCE
    }

    private record ConnectDue(EventSocketUrl url) implements Command {}

    private record KeepOver(EventSocketUrl url) implements Command {}

    private record Reported(EventSocketUrl url, long attempt, EventSocketReport report) implements Command {}

    /**
     * Dependencies of the actor.
     *
     * @param destinations which destinations there are, and which node owns each
     * @param replicate replicates weights by destination id; null removes one
     * @param node the number of this node in versions
     * @param heartbeats counts each heartbeat
     */
    record Setup(
            FreeswitchSettings settings,
            ChangeFeed destinations,
            Consumer<Map<String, FreeswitchWeight>> replicate,
            long node,
            FreeswitchHeartbeatCounter heartbeats,
            LongSupplier clock) {}

    /** The attempts to connect to one event socket. */
    private static final class EventSocketConnection {
        private long attempt;
        private int failures;
        private String logged = "";
        /** When the last weight is too old, by the first failure since the last heartbeat; 0 before it. */
        private long keepUntilMs;

        private final LogReminder unusable = new LogReminder();
        private ActorRef actor;

        /** The effect of a failure on the weights. */
        private String effect(long nowMs) {
            long leftMs = keepUntilMs - nowMs;
            return leftMs > 0
                    ? "the weights stay for " + Section.format(Duration.ofSeconds((leftMs + 999) / 1000))
                    : "the initial weight applies";
        }
    }

    /** The actor of a session; one that does nothing if weights from FreeSWITCH are off. */
    static Behavior<Command> create(
            ActorSystem<?> system,
            ClusterDependencies.EventSockets eventSockets,
            DestinationRegistry registry,
            long node) {
        return eventSockets.settings().fetch()
                ? create(new Setup(
                        eventSockets.settings(),
                        registry.changes(),
                        new ReplicatedWeights(system)::publish,
                        node,
                        eventSockets.heartbeats(),
                        System::currentTimeMillis))
                : Behaviors.ignore();
    }

    static Behavior<Command> create(Setup setup) {
        return Supervision.resuming(Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new EventSocketManagerActor(context, timers, setup))));
    }

    private final Setup setup;
    private final TimerScheduler<Command> timers;
    private final OwnedFreeswitchWeights weights;
    private final ChangeFeed.ChangeListener listener;
    private final Map<EventSocketUrl, EventSocketConnection> connections = new HashMap<>();
    private long attempts;

    private EventSocketManagerActor(ActorContext<Command> context, TimerScheduler<Command> timers, Setup setup) {
        super(context);
        this.setup = setup;
        this.timers = timers;
        weights = new OwnedFreeswitchWeights(setup.settings().maxWeight(), setup.node());
        akka.actor.typed.ActorRef<Command> self = context.getSelf();
        listener = (snapshot, statuses) -> self.tell(DestinationsChanged.INSTANCE);
        setup.destinations().add(listener);
        self.tell(DestinationsChanged.INSTANCE);
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessageEquals(DestinationsChanged.INSTANCE, this::onDestinationsChanged)
                .onMessageEquals(RefreshDue.INSTANCE, this::onRefreshDue)
                .onMessage(ConnectDue.class, this::onConnectDue)
                .onMessage(Reported.class, this::onReported)
                .onMessage(KeepOver.class, this::onKeepOver)
                .onSignal(PostStop.class, stopped -> onPostStop())
                .build();
    }

    /** Thousands of changes may follow each other. */
    private Behavior<Command> onDestinationsChanged() {
        if (!timers.isTimerActive(RefreshDue.INSTANCE)) {
            timers.startSingleTimer(RefreshDue.INSTANCE, REFRESH_DELAY);
        }
        return this;
    }

    private Behavior<Command> onRefreshDue() {
        replicate(weights.own(setup.destinations().snapshot()));
        Set<EventSocketUrl> wanted = weights.urls();
        Set<EventSocketUrl> unwanted = new HashSet<>(connections.keySet());
        unwanted.removeAll(wanted);
        unwanted.forEach(this::disconnect);
        for (EventSocketUrl url : wanted) {
            if (!connections.containsKey(url)) {
                EventSocketConnection connection = new EventSocketConnection();
                connections.put(url, connection);
                keepFor(url, connection, setup.clock().getAsLong());
                onConnectDue(new ConnectDue(url));
            }
        }
        return this;
    }

    private void disconnect(EventSocketUrl url) {
        stop(connections.remove(url));
        timers.cancel(new ConnectDue(url));
        timers.cancel(new KeepOver(url));
    }

    private void stop(EventSocketConnection connection) {
        if (connection.actor != null) {
            Adapter.stop(getContext(), connection.actor);
            connection.actor = null;
        }
    }

    private Behavior<Command> onConnectDue(ConnectDue due) {
        EventSocketConnection connection = connections.get(due.url());
        if (connection != null) {
            stop(connection);
            connection.attempt = ++attempts;
            connection.actor = Adapter.actorOf(
                    getContext(),
                    EventSocketActor.props(
                            due.url(), setup.settings().heartbeatTimeout(), reporter(due.url(), connection.attempt)));
        }
        return this;
    }

    private Consumer<EventSocketReport> reporter(EventSocketUrl url, long attempt) {
        akka.actor.typed.ActorRef<Command> self = getContext().getSelf();
        return report -> self.tell(new Reported(url, attempt, report));
    }

    private Behavior<Command> onReported(Reported reported) {
        EventSocketUrl url = reported.url();
        EventSocketConnection connection = connections.get(url);
        if (connection == null || connection.attempt != reported.attempt()) {
            return this;
        }
        long nowMs = setup.clock().getAsLong();
        if (reported.report() instanceof EventSocketReport.HeartbeatReceived received) {
            connection.failures = 0;
            connection.keepUntilMs = 0;
            timers.cancel(new KeepOver(url));
            setup.heartbeats().count(true);
            connection.unusable.ends();
            replicate(weights.heartbeat(url, received.event(), nowMs));
        } else if (reported.report() instanceof EventSocketReport.Closed closed) {
            onClosed(url, connection, closed.why(), nowMs);
        } else if (reported.report() == EventSocketReport.UnusableHeartbeat.INSTANCE) {
            setup.heartbeats().count(false);
            if (connection.unusable.isDue(System.nanoTime())) {
                LOG.warn(
                        "{}: a heartbeat without a usable Session-Count, Max-Sessions or Idle-CPU (expected: numbers);"
                                + " it is ignored",
                        url);
            }
        } else {
            LOG.info("{}: connected", url);
            connection.logged = "";
            replicate(weights.subscribed(url, nowMs));
        }
        return this;
    }

    private void onClosed(EventSocketUrl url, EventSocketConnection connection, String why, long nowMs) {
        keepFor(url, connection, nowMs);
        if (!why.equals(connection.logged)) {
            LOG.warn("{}: away: {}; {}", url, why, connection.effect(nowMs));
            connection.logged = why;
        }
        stop(connection);
        replicate(weights.away(url, nowMs));
        long delayMs = FIRST_RETRY_MS << Math.min(connection.failures++, MOST_DOUBLINGS);
        timers.startSingleTimer(new ConnectDue(url), new ConnectDue(url), Duration.ofMillis(delayMs));
    }

    /** Starts the time after which the last weight is too old, unless it runs already. */
    private void keepFor(EventSocketUrl url, EventSocketConnection connection, long nowMs) {
        KeepOver over = new KeepOver(url);
        if (!timers.isTimerActive(over)) {
            timers.startSingleTimer(over, over, setup.settings().keepWeight());
        }
        if (connection.keepUntilMs == 0) {
            connection.keepUntilMs = nowMs + setup.settings().keepWeight().toMillis();
        }
    }

    private Behavior<Command> onKeepOver(KeepOver over) {
        replicate(weights.keepOver(over.url(), setup.clock().getAsLong()));
        return this;
    }

    private void replicate(Map<String, FreeswitchWeight> updates) {
        if (!updates.isEmpty()) {
            setup.replicate().accept(updates);
        }
    }

    private Behavior<Command> onPostStop() {
        setup.destinations().remove(listener);
        return this;
    }
}
