package org.sipdispatch.cluster;

import akka.actor.typed.ActorRef;
import akka.pattern.StatusReply;
import akka.remote.RemoteTransportException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.sipdispatch.definitions.CatalogOrder;
import org.sipdispatch.definitions.ReloadOrder;
import org.sipdispatch.definitions.ReloadOutcome;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.DestinationActor;
import org.sipdispatch.destination.Observation;
import org.sipdispatch.destination.Status;
import org.sipdispatch.membership.ClusterMember;
import org.sipdispatch.membership.ClusterSettings;
import org.sipdispatch.membership.JoinProgress;
import org.sipdispatch.membership.MembershipLease;
import org.sipdispatch.membership.MonitoredArbiter;
import org.sipdispatch.membership.PauseDetector;
import org.sipdispatch.orders.OrderDelivery;
import org.sipdispatch.orders.OrderNotExecutedException;
import org.sipdispatch.orders.OrderOutcome;
import org.sipdispatch.orders.OrderOutcomeUnknownException;
import org.sipdispatch.orders.OrderRequest;
import org.sipdispatch.replication.ChangeFeed;
import org.sipdispatch.replication.DestinationRegistry;
import org.sipdispatch.replication.DestinationsSnapshot;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.settings.SettingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's membership in the cluster for as long as the process runs. After the node was downed or cut off, it
 * starts a new {@link ClusterSession} and joins again automatically; meanwhile its traffic uses the last known states.
 * Thread-safe.
 */
public final class Cluster implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration NEXT_SESSION = Duration.ofMillis(500);
    private static final Duration LONGEST_LEAVE = Duration.ofSeconds(15);
    /** A pause of half the acceptable heartbeat pause is detected, well before the other nodes down this one. */
    private static final int BOUND_PER_PAUSE = 2;

    /** The detector notes the time every 50 ms. */
    private static final long LEAST_BOUND_MS = 250;

    private static final long LONGEST_BOUND_MS = 1_000;
    private static final Duration OWN_SILENCE = Duration.ofSeconds(1);

    private static final Set<String> GONE = Set.of("Down", "Removed");
    /** How often a starting node logs what it is waiting for. */
    private static final Duration LOG_INTERVAL = Duration.ofSeconds(5);

    private final ClusterDependencies dependencies;
    private final DestinationRegistry registry;
    private final RecentNodeAddresses names = new RecentNodeAddresses();
    private final MonitoredArbiter arbiter;
    private final PauseDetector detector;
    /**
     * Separate from the thread that starts sessions: an order must time out while a session starts, which may take
     * seconds.
     */
    private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "cluster-timers");
        thread.setDaemon(true);
        return thread;
    });

    private final SessionLoop<ClusterSession> sessions =
            new SessionLoop<>(() -> startSession(false), NEXT_SESSION, LONGEST_LEAVE);
    private final OrderDelivery<Status> orders = new OrderDelivery<>(timers, OrderDelivery.Times.USUAL);
    private volatile PauseWait pauseWait;
    private final NodeTls tls;
    private final CatalogOrderDelivery catalogOrders = new CatalogOrderDelivery(timers);
    private final StartWait start = new StartWait();

    private Cluster(ClusterDependencies dependencies) {
        this.dependencies = dependencies;
        this.registry = new DestinationRegistry(dependencies.lastKnown());
        this.arbiter = new MonitoredArbiter(dependencies.arbiter());
        this.tls = NodeTls.start(dependencies.settings(), timers, dependencies.certificates());
        this.detector = PauseDetector.start(pauseBound(dependencies.settings()), count -> paused(count));
        this.pauseWait = new PauseWait(
                dependencies.settings(),
                dependencies.traffic(),
                detector,
                (delay, task) -> timers.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS),
                this::lease,
                () -> sessions.current().journal().read());
    }

    /** Starts joining the cluster; returns at once. */
    public static Cluster start(ClusterDependencies dependencies) {
        Cluster cluster = new Cluster(dependencies);
        cluster.sessions.start(cluster.startFirstSession());
        return cluster;
    }

    /** Runs on the detector's thread. */
    private void paused(long pauses) {
        PauseWait wait = pauseWait;
        if (wait != null) {
            wait.begin(pauses);
        }
    }

    private MembershipLease lease() {
        ClusterSession now = sessions.current();
        return now == null ? null : now.lease();
    }

    private static Duration pauseBound(ClusterSettings settings) {
        long bound = settings.pause().toMillis() / BOUND_PER_PAUSE;
        return Duration.ofMillis(Math.max(LEAST_BOUND_MS, Math.min(bound, LONGEST_BOUND_MS)));
    }

    /**
     * Number of detected pauses of this process. New calls wait until the cluster has confirmed the node's states after
     * each. Cheap.
     */
    public long pauses() {
        return detector.pauses();
    }

    /** Whether this node was paused and the other nodes have not yet confirmed its states. New calls wait meanwhile. */
    public boolean isStale() {
        return detector.isUnconfirmed();
    }

    private ClusterSession startFirstSession() {
        try {
            return startSession(true);
        } catch (RuntimeException e) {
            if (!isBinding(e)) {
                throw e;
            }
            throw new SettingException(
                    "cluster.port",
                    dependencies.settings().address(),
                    "an address of this host with a port that is free; " + e.getMessage());
        }
    }

    private ClusterSession startSession(boolean fresh) {
        return ClusterSession.begin(
                dependencies,
                SessionConfig.of(dependencies.settings(), dependencies.systemConfig()),
                new ClusterSession.NodeState(fresh, registry, arbiter, names, detector, this::mayExecute, start::end),
                tls.setup());
    }

    private static boolean isBinding(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RemoteTransportException || cause instanceof IOException) {
                return true;
            }
        }
        return false;
    }

    /**
     * Waits until this node has a status for every destination, or until {@code stop} completes.
     *
     * @return false if neither happened within {@code longest}
     */
    public boolean awaitView(Duration longest, CompletionStage<?> stop) {
        stop.thenRun(start::end);
        return start.await(longest, LOG_INTERVAL, () -> LOG.info("starting: {}", String.join("; ", awaited())));
    }

    /** What this node is waiting for while it starts, as English phrases. */
    public List<String> awaited() {
        DestinationsSnapshot now = registry.changes().snapshot();
        long unknown =
                now.destinations().stream().filter(one -> one.status() == null).count();
        boolean silent =
                dependencies.journal() != null && dependencies.journal().areUnresponsive();
        return new StartupProgress(
                        isMember() ? "" : joining(),
                        now.revision(),
                        unknown,
                        now.destinations().size(),
                        silent)
                .phrases();
    }

    private String joining() {
        String failure = tls.recentFailure();
        return JoinProgress.waitingFor(dependencies.settings().others(), lease().answering())
                + (failure.isEmpty() ? "" : "; TLS fails: " + failure);
    }

    /** This node's address, {@code host:port}, as the other nodes know it. */
    public String address() {
        return sessions.current().address();
    }

    /** The TCP port at which the other nodes reach this node. */
    public int port() {
        String address = address();
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    /** Whether this node is a cluster member now. */
    public boolean isMember() {
        return sessions.current().isMember();
    }

    /** All destinations as this node knows them, inside or outside the cluster. */
    public ChangeFeed destinations() {
        return registry.changes();
    }

    /** Asks the destination's actor, wherever it runs, for its current report. */
    public CompletionStage<DestinationActor.Report> report(String id) {
        ClusterSession now = sessions.current();
        return OrderOutcomeUnknownException.orElse(
                () -> now.destination(id).<DestinationActor.Report>ask(DestinationActor.GetReport::new, PATIENCE),
                noAnswer("the destination's actor", PATIENCE));
    }

    /** Creates the actor message of an order. */
    public interface OrderMessage {
        DestinationActor.Command of(DestinationActor.Ticket ticket, ActorRef<StatusReply<Status>> replyTo);
    }

    /**
     * Sends an order to a destination's actor, and again if the actor's node dies before it answers. Fails with
     * {@link OrderNotExecutedException} if the order was not executed and will not be, and with
     * {@link OrderOutcomeUnknownException} if it may have been executed.
     *
     * @param key the client's idempotency key: an order with the same key is executed once, even if it is sent through
     *     different nodes; empty for none
     * @param what the verb and its arguments
     */
    public CompletionStage<Status> order(String key, String id, String what, OrderMessage message) {
        ClusterSession now = sessions.current();
        String name = key.isEmpty() ? now.nextOrder() : OrderRequest.ofKey(key);
        OrderRequest order = new OrderRequest(name, id, what);
        DestinationActor.Ticket ticket = new DestinationActor.Ticket(order.ticket(), now.permissions());
        // Sharding would buffer the order and deliver it when this node is back, perhaps after a later order.
        return now.isMember()
                ? orders.give(
                        order,
                        now::members,
                        wait -> now.destination(id).<Status>askWithStatus(replyTo -> message.of(ticket, replyTo), wait))
                : OrderOutcomeUnknownException.outside();
    }

    private boolean mayExecute(String order) {
        return orders.mayExecute(OrderRequest.nameOf(order)) || catalogOrders.mayExecute(order);
    }

    /** The name of the order with this idempotency key. */
    public static String nameOf(String key) {
        return OrderRequest.ofKey(key);
    }

    /** The outcome of an order that was recently sent through this node; null if it is not remembered. */
    public OrderOutcome outcome(String order) {
        OrderOutcome outcome = orders.outcome(order);
        return outcome == null ? catalogOrders.outcome(order) : outcome;
    }

    /** Records that an order sent through this node was executed, as the destination's status shows. */
    public void executed(OrderOutcome order, Status status) {
        orders.executed(order, status);
    }

    /** Makes the destination's actor send an OPTIONS ping now. */
    public CompletionStage<DestinationActor.Probed> probe(String id, String who) {
        ClusterSession now = sessions.current();
        return now.isMember()
                ? OrderOutcomeUnknownException.orElse(
                        () -> now.destination(id)
                                .<DestinationActor.Probed>askWithStatus(
                                        replyTo -> new DestinationActor.ProbeNow(who, replyTo), PATIENCE),
                        noAnswer("the destination's actor", PATIENCE))
                : OrderOutcomeUnknownException.outside();
    }

    /** Reloads the definitions from their source. */
    public CompletionStage<ReloadOutcome> reload(ReloadOrder order, String who) {
        return catalogOrders.give(sessions.current(), replyTo -> {
            CatalogOrder.Reload reload = new CatalogOrder.Reload(
                    order.partition(), order.dryRun(), order.dropTemporary(), order.skipBadRows(), who, replyTo);
            return order.inheritState() ? reload : new CatalogOrder.ReloadWithStates(reload);
        });
    }

    /**
     * Defines a temporary destination, one that the source does not have, or replaces its definition.
     *
     * @return refused if the source has a destination with the same id
     */
    public CompletionStage<ReloadOutcome> add(Definition temporary, String who) {
        return catalogOrders.give(
                sessions.current(), replyTo -> new CatalogOrder.AddTemporary(temporary, who, replyTo));
    }

    /** Removes a temporary destination defined with {@link #add}; refused for all others. */
    public CompletionStage<ReloadOutcome> remove(String id, String who) {
        return catalogOrders.give(sessions.current(), replyTo -> new CatalogOrder.RemoveTemporary(id, who, replyTo));
    }

    /** Writes a row into the table of its partition and reads the partition; refused if it is no table. */
    public CompletionStage<ReloadOutcome> putRow(Definition row, List<String> given, String who) {
        return catalogOrders.give(sessions.current(), replyTo -> new CatalogOrder.PutRow(row, given, who, replyTo));
    }

    /** Deletes the destination's row from the table of its partition and reads the partition. */
    public CompletionStage<ReloadOutcome> removeRow(Destination destination, String who) {
        return catalogOrders.give(sessions.current(), replyTo -> new CatalogOrder.RemoveRow(destination, who, replyTo));
    }

    /**
     * Sets script attributes of destinations in addition to the attributes of their rows, as OpenSIPS'
     * {@code ds_push_script_attrs} does; an empty text removes them.
     */
    public CompletionStage<ReloadOutcome> pushAttrs(List<String> ids, String attrs, String who) {
        return catalogOrders.give(sessions.current(), replyTo -> new CatalogOrder.PushAttrs(ids, attrs, who, replyTo));
    }

    private static TimeoutException noAnswer(String whose, Duration timeout) {
        return new TimeoutException(
                "answer: none from " + whose + " (expected: one within " + timeout.toSeconds() + "s)");
    }

    /** All nodes of the cluster including this one, oldest first; empty while this node is in no cluster. */
    public List<ClusterMember> members() {
        return sessions.current().members();
    }

    /**
     * The calls of all nodes to a destination. Fails outside the cluster, where the other nodes' calls cannot be known.
     */
    public CompletionStage<ClusterCalls> openCalls(String id) {
        ClusterSession now = sessions.current();
        List<String> nodes = now.members().stream()
                .filter(member -> !GONE.contains(member.status()))
                .map(ClusterMember::address)
                .toList();
        if (nodes.isEmpty()) {
            return OrderOutcomeUnknownException.outside();
        }
        PeerActor.Calls own = PeerActor.Calls.of(now.address(), dependencies.calls(), id);
        return OrderOutcomeUnknownException.orElse(() -> now.peers().calls(id), noAnswer("the other nodes", PATIENCE))
                .thenApply(others -> ClusterCalls.of(
                        Stream.concat(Stream.of(own), others.stream()).toList(), nodes));
    }

    /** Forwards observations of this node's traffic to the actors of their destinations. */
    public void observe(List<Observation> observations) {
        ClusterSession now = sessions.current();
        // A missing response may have been caused by a pause of this node.
        if (!now.isMember() || detector.pausedWithin(OWN_SILENCE)) {
            return;
        }
        observations.forEach(seen -> now.tell(
                seen.destination().id(),
                seen.target().isEmpty()
                        ? new DestinationActor.Observe(seen, now.address())
                        : new DestinationActor.ObserveTarget(seen, seen.target(), now.address())));
    }

    /** Sends this node's pending INVITE transactions to the other nodes. */
    public void carry(byte[] calls) {
        sessions.current().peers().carry(calls);
    }

    /** Hands over to the other nodes and leaves the cluster. */
    @Override
    public void close() {
        sessions.close();
        detector.close();
        timers.shutdownNow();
    }
}
