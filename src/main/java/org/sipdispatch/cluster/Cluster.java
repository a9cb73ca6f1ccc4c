package org.sipdispatch.cluster;

import akka.actor.typed.ActorRef;
import akka.pattern.StatusReply;
import akka.remote.RemoteTransportException;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.sipdispatch.definitions.CatalogCommand;
import org.sipdispatch.definitions.ReloadOrder;
import org.sipdispatch.definitions.ReloadOutcome;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.DestinationActor;
import org.sipdispatch.destination.Observation;
import org.sipdispatch.destination.Status;
import org.sipdispatch.membership.ClusterMember;
import org.sipdispatch.membership.ClusterSettings;
import org.sipdispatch.membership.MembershipLease;
import org.sipdispatch.membership.MonitoredArbiter;
import org.sipdispatch.membership.NodeNames;
import org.sipdispatch.membership.PauseDetector;
import org.sipdispatch.orders.GivenOrder;
import org.sipdispatch.orders.OrderDelivery;
import org.sipdispatch.orders.OrderNotExecutedException;
import org.sipdispatch.orders.OrderOutcome;
import org.sipdispatch.orders.OutcomeUnknownException;
import org.sipdispatch.replication.ChangeFeed;
import org.sipdispatch.replication.DestinationRegistry;
import org.sipdispatch.replication.DestinationsSnapshot;
import org.sipdispatch.settings.SettingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's part in the cluster, as long as the process runs. A node that was taken out, or cut off, begins a
 * new session and joins again by itself; meanwhile its traffic goes on with what it knew. Thread-safe.
 */
public final class Cluster implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration NEXT_SESSION = Duration.ofMillis(500);
    private static final Duration LONGEST_LEAVE = Duration.ofSeconds(15);
    /** A pause of half the time that a node may be silent is noticed: long before the others take it out. */
    private static final int BOUND_PER_PAUSE = 2;

    /** The detector notes the time every 50 ms. */
    private static final long LEAST_BOUND_MS = 250;

    private static final long LONGEST_BOUND_MS = 1_000;
    private static final Duration OWN_SILENCE = Duration.ofSeconds(1);

    private static final Set<String> GONE = Set.of("Down", "Removed");
    /** How often a node that starts says what it waits for. */
    private static final Duration SAY = Duration.ofSeconds(5);

    private final ClusterDependencies cast;
    private final DestinationRegistry known;
    private final NodeNames names = new NodeNames();
    private final MonitoredArbiter witness;
    private final PauseDetector detector;
    /** Not the thread that begins sessions: an order must time out while a session begins, which may take seconds. */
    private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "cluster-timers");
        thread.setDaemon(true);
        return thread;
    });

    private final SessionLoop<ClusterSession> sessions =
            new SessionLoop<>(() -> begin(false), NEXT_SESSION, LONGEST_LEAVE);
    private final OrderDelivery<Status> orders = new OrderDelivery<>(timers, OrderDelivery.Times.USUAL);
    private volatile PauseWait pauseWait;
    private final CatalogOrderDelivery changes = new CatalogOrderDelivery(timers);
    private final StartWait start = new StartWait();

    private Cluster(ClusterDependencies cast) {
        this.cast = cast;
        this.known = new DestinationRegistry(cast.lastKnown());
        this.witness = new MonitoredArbiter(cast.witness());
        this.detector = PauseDetector.start(bound(cast.settings()), count -> paused(count));
        this.pauseWait = new PauseWait(cast.settings(), cast.views(), detector, timers, this::lease);
    }

    /** Begins to meet the others; returns at once. */
    public static Cluster start(ClusterDependencies cast) {
        Cluster cluster = new Cluster(cast);
        cluster.sessions.start(cluster.first());
        return cluster;
    }

    /** On the detector's own thread. */
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

    private static Duration bound(ClusterSettings settings) {
        long bound = settings.pause().toMillis() / BOUND_PER_PAUSE;
        return Duration.ofMillis(Math.max(LEAST_BOUND_MS, Math.min(bound, LONGEST_BOUND_MS)));
    }

    /** How many pauses of this process were noticed; new calls wait until each has been confirmed. Cheap. */
    public long pauses() {
        return detector.pauses();
    }

    /** Whether this node stood still and the others have not confirmed yet what it knows: new calls wait. */
    public boolean isStale() {
        return detector.isUnconfirmed();
    }

    private ClusterSession first() {
        try {
            return begin(true);
        } catch (RuntimeException e) {
            if (!isBinding(e)) {
                throw e;
            }
            throw new SettingException(
                    "cluster.port",
                    cast.settings().address(),
                    "an address of this host with a port that is free; " + e.getMessage());
        }
    }

    private ClusterSession begin(boolean fresh) {
        return ClusterSession.begin(
                cast,
                config(),
                new ClusterSession.Life(fresh, known, witness, names, detector, this::mayExecute, start::end));
    }

    private static boolean isBinding(Throwable trouble) {
        for (Throwable cause = trouble; cause != null; cause = cause.getCause()) {
            if (cause instanceof RemoteTransportException || cause instanceof IOException) {
                return true;
            }
        }
        return false;
    }

    private Config config() {
        ClusterSettings settings = cast.settings();
        Map<String, Object> own = new java.util.HashMap<>();
        own.put("akka.remote.artery.canonical.hostname", settings.host());
        own.put("akka.remote.artery.canonical.port", settings.port());
        if (!settings.bindHost().isEmpty()) {
            own.put("akka.remote.artery.bind.hostname", settings.bindHost());
        }
        own.put("akka.cluster.failure-detector.heartbeat-interval", settings.heartbeat());
        own.put("akka.cluster.failure-detector.acceptable-heartbeat-pause", settings.pause());
        own.put("akka.cluster.split-brain-resolver.stable-after", settings.stableAfter());
        return ConfigFactory.parseMap(own).withFallback(cast.systemConfig());
    }

    /**
     * Waits until this node knows something of every destination, or until {@code stop} has completed.
     *
     * @return false if neither came within {@code longest}
     */
    public boolean awaitView(Duration longest, CompletionStage<?> stop) {
        stop.thenRun(start::end);
        return start.await(longest, SAY, () -> LOG.info("starting: {}", String.join("; ", awaited())));
    }

    /** What this node waits for while it starts, in words. */
    public List<String> awaited() {
        DestinationsSnapshot now = known.changes().snapshot();
        long unknown =
                now.destinations().stream().filter(one -> one.status() == null).count();
        boolean silent = cast.journal() != null && cast.journal().areUnresponsive();
        return new Awaited(
                        isMember(),
                        cast.settings().others(),
                        now.revision(),
                        unknown,
                        now.destinations().size(),
                        silent)
                .words();
    }

    /** This node as the others name it. */
    public String address() {
        return sessions.current().address();
    }

    /** The TCP port that the others reach this node at. */
    public int port() {
        String address = address();
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    /** Whether this node is part of the cluster at the moment. */
    public boolean isMember() {
        return sessions.current().isMember();
    }

    /** All destinations as this node knows them, in the cluster or not. */
    public ChangeFeed destinations() {
        return known.changes();
    }

    /** Asks a destination's actor itself. */
    public CompletionStage<DestinationActor.Report> report(String id) {
        ClusterSession now = sessions.current();
        return OutcomeUnknownException.orElse(
                () -> now.destination(id).<DestinationActor.Report>ask(DestinationActor.GetReport::new, PATIENCE),
                silence("the destination's actor", PATIENCE));
    }

    /** Makes the message that gives an order. */
    public interface OrderMessage {
        DestinationActor.Command of(DestinationActor.Ticket ticket, ActorRef<StatusReply<Status>> replyTo);
    }

    /**
     * Gives a destination's actor an order, and again if its node dies with it. Fails with {@link OrderNotExecutedException} where it was not
     * carried out and will not be, with {@link OutcomeUnknownException} where it may have been carried out.
     *
     * @param key of the client: the same order under the same key is executed once, whichever node it is given to; empty for none
     * @param what the verb, and what else is ordered
     */
    public CompletionStage<Status> order(String key, String id, String what, OrderMessage message) {
        ClusterSession now = sessions.current();
        String name = key.isEmpty() ? now.nextOrder() : GivenOrder.ofKey(key);
        GivenOrder order = new GivenOrder(name, id, what);
        DestinationActor.Ticket ticket = new DestinationActor.Ticket(order.ticket(), now.permissions());
        // Else it would wait here and be carried out when this node is back, perhaps against a later one.
        return now.isMember()
                ? orders.give(
                        order,
                        now::members,
                        wait -> now.destination(id).<Status>askWithStatus(replyTo -> message.of(ticket, replyTo), wait))
                : OutcomeUnknownException.outside();
    }

    private boolean mayExecute(String order) {
        return orders.mayExecute(GivenOrder.nameOf(order)) || changes.mayExecute(order);
    }

    /** The name of an order with that key. */
    public static String nameOf(String key) {
        return GivenOrder.ofKey(key);
    }

    /** What became of an order that was given through this node lately; null if that is not remembered. */
    public OrderOutcome outcome(String order) {
        OrderOutcome outcome = orders.outcome(order);
        return outcome == null ? changes.outcome(order) : outcome;
    }

    /** An order that was given through this node was executed, as the destination's status shows. */
    public void executed(OrderOutcome order, Status status) {
        orders.executed(order, status);
    }

    /** Has a destination pinged at once. */
    public CompletionStage<DestinationActor.Probed> probe(String id, String who) {
        ClusterSession now = sessions.current();
        return now.isMember()
                ? OutcomeUnknownException.orElse(
                        () -> now.destination(id)
                                .<DestinationActor.Probed>askWithStatus(
                                        replyTo -> new DestinationActor.ProbeNow(who, replyTo), PATIENCE),
                        silence("the destination's actor", PATIENCE))
                : OutcomeUnknownException.outside();
    }

    /** Reads again where destinations are written down. */
    public CompletionStage<ReloadOutcome> reload(ReloadOrder order, String who) {
        return changes.give(
                sessions.current(),
                replyTo -> new CatalogCommand.Reload(
                        order.partition(), order.dryRun(), order.dropTemporary(), order.skipBadRows(), who, replyTo));
    }

    /**
     * Defines a destination that is written down nowhere, or defines such a one anew.
     *
     * @return refused where one that is written down has the same id
     */
    public CompletionStage<ReloadOutcome> add(Definition temporary, String who) {
        return changes.give(sessions.current(), replyTo -> new CatalogCommand.Add(temporary, who, replyTo));
    }

    /** Takes back what {@link #add} defined; refused for all others. */
    public CompletionStage<ReloadOutcome> remove(String id, String who) {
        return changes.give(sessions.current(), replyTo -> new CatalogCommand.Remove(id, who, replyTo));
    }

    /** Gives destinations attributes beside those of their rows, as {@code ds_push_script_attrs}; empty takes them away. */
    public CompletionStage<ReloadOutcome> pushAttrs(List<String> ids, String attrs, String who) {
        return changes.give(sessions.current(), replyTo -> new CatalogCommand.PushAttrs(ids, attrs, who, replyTo));
    }

    private static TimeoutException silence(String whose, Duration patience) {
        return new TimeoutException(
                "answer: none of " + whose + " (expected: one within " + patience.toSeconds() + "s)");
    }

    /** The nodes that this one knows, itself included, the oldest first; empty while it is in no cluster. */
    public List<ClusterMember> members() {
        return sessions.current().members();
    }

    /** The calls that all nodes have at that destination. Outside the cluster nobody could tell those of the others. */
    public CompletionStage<ClusterCalls> openCalls(String id) {
        ClusterSession now = sessions.current();
        List<String> nodes = now.members().stream()
                .filter(member -> !GONE.contains(member.status()))
                .map(ClusterMember::address)
                .toList();
        if (nodes.isEmpty()) {
            return OutcomeUnknownException.outside();
        }
        PeerActor.Calls own = PeerActor.Calls.of(now.address(), cast.calls(), id);
        return OutcomeUnknownException.orElse(() -> now.peers().calls(id), silence("the other nodes", PATIENCE))
                .thenApply(others -> ClusterCalls.of(
                        Stream.concat(Stream.of(own), others.stream()).toList(), nodes));
    }

    /** What this node's traffic showed. */
    public void observe(List<Observation> observations) {
        ClusterSession now = sessions.current();
        // What traffic took for silence may have been this node's own.
        if (!now.isMember() || detector.pausedWithin(OWN_SILENCE)) {
            return;
        }
        observations.forEach(observation ->
                now.tell(observation.destination().id(), new DestinationActor.Observe(observation, now.address())));
    }

    /** Tells the other nodes of calls that are on their way through this one. */
    public void carry(byte[] calls) {
        sessions.current().peers().carry(calls);
    }

    /** Hands over to the others and ends. */
    @Override
    public void close() {
        sessions.close();
        detector.close();
        timers.shutdownNow();
    }
}
