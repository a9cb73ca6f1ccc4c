package org.sipdispatch.transport;

import akka.actor.ActorRef;
import akka.actor.ActorSystem;
import akka.actor.BootstrapSetup;
import akka.actor.setup.ActorSystemSetup;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.ObjLongConsumer;
import org.sipdispatch.destination.Ping;
import org.sipdispatch.destination.PingResult;
import org.sipdispatch.destination.Pinger;
import org.sipdispatch.limits.LimitUse;
import org.sipdispatch.limits.NodeLimits;
import org.sipdispatch.observation.DestinationTraffic;
import org.sipdispatch.observation.Handshakes;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.observation.LaneCounters;
import org.sipdispatch.observation.Limit;
import org.sipdispatch.observation.Limits;
import org.sipdispatch.observation.ObservationFilter;
import org.sipdispatch.observation.OverloadState;
import org.sipdispatch.observation.QualityFigures;
import org.sipdispatch.proxy.Explanation;
import org.sipdispatch.proxy.LaneSetup;
import org.sipdispatch.proxy.NewRequests;
import org.sipdispatch.proxy.RelayLane;
import org.sipdispatch.sets.DestinationFacts;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;
import org.sipdispatch.sets.TrafficShare;
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.transaction.ListenSockets;
import org.sipdispatch.transaction.SendFailure;

/**
 * All lanes of this node. Each lane is a separate small actor system without a cluster, so that nothing in the cluster
 * can stop the traffic, and so that Akka's sockets run on the lane's own thread.
 */
public final class SipLanes implements Pinger, AutoCloseable {
    private static final int SECONDS_TO_BIND = 20;

    private static final int LONGEST_SHUTDOWN_MS = 500;

    private static final Duration LOOK = Duration.ofMillis(250);
    private static final Duration SAMPLE = Duration.ofSeconds(1);

    private final List<ActorSystem> systems = new ArrayList<>();
    private final List<LaneRef> lanes = new ArrayList<>();
    private final SharedRemoteConnections peers = new SharedRemoteConnections();
    private final LaneExplanations explanations;
    private final List<LaneCounters> counters = new ArrayList<>();
    private final NodeExchange exchange;
    private final PendingPings pings = new PendingPings();
    private final LongSupplier pauses;
    private final ObservationFilter evidence;
    private final ListenSockets sockets;
    private final NodeLimits ofCalls;
    private final Limits limits = new Limits();
    private final Handshakes handshakes = new Handshakes();
    private final SipTls tls = new SipTls(handshakes.tls());

    private SipLanes(TrafficSetup setup) {
        pauses = setup.pauses();
        sockets = setup.sockets();
        ofCalls = setup.limits();
        ofCalls.whenEndedElsewhere(key -> runOnAll((relay, nowMs) -> relay.endedElsewhere(key, nowMs)));
        explanations = new LaneExplanations(setup.transport().lanes(), sockets);
        LaneCounters ofNode = new LaneCounters(limits);
        counters.add(ofNode);
        exchange = new NodeExchange(setup, counters, lanes);
        evidence = new ObservationFilter(
                setup.relay().suspectOwnPath(), LaneInlet::monotonicMs, setup.evidence(), ofNode, handshakes.tls());
    }

    /**
     * Opens all lanes and starts listening.
     *
     * @throws SettingException if an address or port cannot be bound
     */
    public static SipLanes start(TrafficSetup setup, Collection<SetView> views) {
        BindCheck.check(setup.sockets());
        SipLanes traffic = new SipLanes(setup);
        try {
            traffic.open(setup, views);
            return traffic;
        } catch (RuntimeException e) {
            traffic.close();
            throw e;
        }
    }

    private ActorSystem system(TrafficSetup setup, int lane) {
        ActorSystem system = ActorSystem.create(
                "sip-lane-" + lane,
                ActorSystemSetup.create(
                        BootstrapSetup.create(setup.laneSystem()),
                        new LaneLimits(limits),
                        new LaneThread(setup.transport().udp())));
        systems.add(system);
        return system;
    }

    private void open(TrafficSetup setup, Collection<SetView> views) {
        int count = setup.transport().lanes();
        tls.start(setup.tls(), setup.sockets(), setup.certificates());
        DestinationFacts facts = new MeasuredDestinationFacts(exchange.measured(), setup.facts());
        WatchableSockets watched =
                WatchableSockets.of(setup.sockets(), setup.transport().icmp());
        DnsResolver dns =
                new DnsResolver(setup.transport().dnsTtl(), setup.transport().dnsMaxStale());
        for (int i = 0; i < count; i++) {
            LaneCounters laneCounters = new LaneCounters(limits);
            LaneSetup lane = lane(setup, i);
            ActorSystem system = system(setup, i);
            counters.add(laneCounters);
            ActorRef actor = system.actorOf(
                    LaneActor.props(new LaneActor.Setup(
                            lane,
                            setup.transport(),
                            tls.shared(),
                            handshakes,
                            watched,
                            dns,
                            laneCounters,
                            ofCalls,
                            facts,
                            exchange.views(),
                            evidence,
                            batch -> exchange.send(lane, batch),
                            setup.pushed(),
                            setup.pauses(),
                            setup.guarded())),
                    "lane");
            lanes.add(new LaneRef(actor));
        }
        replace(views);
        await(lanes.stream().map(this::startLane).toList());
        ActorSystem first = systems.get(0);
        first.scheduler().scheduleWithFixedDelay(LOOK, LOOK, evidence::tick, first.dispatcher());
        first.scheduler().scheduleWithFixedDelay(LOOK, LOOK, exchange.views()::tick, first.dispatcher());
        first.scheduler().scheduleWithFixedDelay(SAMPLE, SAMPLE, exchange::sample, first.dispatcher());
    }

    private static LaneSetup lane(TrafficSetup setup, int number) {
        return new LaneSetup(
                number,
                setup.transport().lanes(),
                setup.relay(),
                setup.routing(),
                setup.sockets(),
                setup.tls().uncheckedClients(),
                setup.newRequests(),
                new SecureRandom().nextLong());
    }

    private CompletableFuture<Void> startLane(LaneRef lane) {
        CompletableFuture<Void> listening = new CompletableFuture<>();
        lane.actor().tell(new LaneActor.Start(List.copyOf(lanes), peers, listening), ActorRef.noSender());
        return listening;
    }

    private static void await(List<CompletableFuture<Void>> listening) {
        try {
            CompletableFuture.allOf(listening.toArray(CompletableFuture[]::new))
                    .orTimeout(SECONDS_TO_BIND, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof SettingException bad) {
                throw bad;
            }
            throw new SettingException("sockets", "not bound in " + SECONDS_TO_BIND + "s", "sockets that can be bound");
        }
    }

    /** Replaces the views of all sets, on all lanes. Call it, like {@link #update}, from one thread at a time. */
    public void replace(Collection<SetView> views) {
        List<SetView> copy = List.copyOf(views);
        evidence.replace(copy);
        ofCalls.replace(copy, LaneInlet.nowMicros() * 1_000);
        exchange.views().replace(copy);
    }

    /** Replaces the views of these sets, on all lanes; the other sets stay unchanged. */
    public void update(Collection<SetView> views) {
        List<SetView> copy = List.copyOf(views);
        long nowNanos = LaneInlet.nowMicros() * 1_000;
        for (SetView view : copy) {
            evidence.update(view);
            ofCalls.update(view, nowNanos);
        }
        exchange.views().update(copy);
    }

    /** Sends a ping from the lane that the destination's id selects. */
    @Override
    public void ping(Ping ping, long ordered, Consumer<PingResult> then) {
        Consumer<PingResult> once = pings.register(then);
        if (once != null) {
            int lane = Math.floorMod(ping.destination().id().hashCode(), lanes.size());
            lanes.get(lane).run((relay, nowMs) -> PendingPings.send(relay, ping, ordered, once, nowMs));
        }
    }

    /** The sets whose destinations all fail at once, which suggests a failure of this node's own network. */
    public Set<SetId> suspects() {
        return evidence.suspects();
    }

    /** Learns other nodes' sockets, see {@link ListenSockets#setPeerSockets}; destinations may name them. */
    public void learnSockets(Map<String, String> literals) {
        sockets.setPeerSockets(literals);
        runOnAll((relay, nowMs) -> relay.clearHops());
    }

    /** What the lanes have received so far is current as of this number of pauses of the process. */
    public void confirmed(long pauses) {
        runOnAll((relay, nowMs) -> relay.viewsConfirmed(pauses, nowMs));
    }

    /** Whether there are other nodes, so that {@link TrafficSetup#carried} receives this node's calls. */
    public void carryCalls(boolean whether) {
        exchange.setPeers(whether);
        runOnAll((relay, nowMs) -> relay.shareCalls(whether));
    }

    /** Another node's calls, from its {@link TrafficSetup#carried}: this node continues them if their messages arrive here. */
    public void carry(byte[] calls) {
        exchange.receive(calls);
    }

    /**
     * Sets what to do with new requests, such as to refuse them with 503, so that callers try another node. Existing
     * transactions continue, see {@link #pending}.
     */
    public void setNewRequests(NewRequests treatment) {
        runOnAll((relay, nowMs) -> relay.setNewRequests(treatment));
    }

    /** The number of transactions without a final response. */
    public long pending() {
        return counters.stream().mapToLong(LaneCounters::pending).sum();
    }

    /** The number of active calls through this node: answered with a 2xx, without a BYE yet. */
    public long openCalls() {
        return counters.stream().mapToLong(LaneCounters::openCalls).sum();
    }

    /** The number of INVITEs that this node sent statefully and that have no final response yet. */
    public long ringing() {
        return counters.stream().mapToLong(LaneCounters::ringing).sum();
    }

    /** This node's traffic to each destination since the start; destinations without traffic are omitted. */
    public List<DestinationTraffic> destinations() {
        return LaneCounters.destinations(counters);
    }

    /** What became of the calls to each destination in the last minutes. */
    public QualityFigures quality() {
        return exchange.quality();
    }

    /** The destinations that get only a part of their requests, by id. */
    public Map<String, TrafficShare> shares() {
        return exchange.views().shares();
    }

    /** The number of active calls to a destination through this node. */
    public int openCalls(String id) {
        return counters.stream().mapToInt(lane -> lane.openCalls(id)).sum();
    }

    /** The number of INVITEs that this node sent statefully to a destination and that have no final response yet. */
    public int ringing(String id) {
        return counters.stream().mapToInt(lane -> lane.ringing(id)).sum();
    }

    /**
     * Explains where a request would be sent if it arrived now, and why. Sends nothing and moves no round-robin state.
     * Because a lane's thread is for traffic, each lane explains one request at a time, and few callers may wait.
     *
     * @param message a complete SIP request
     * @param source the address it would come from
     * @param socket the name of the socket it would arrive on; null for the first one
     * @return fails with a {@link SettingException} if the message or the socket cannot be used, with a
     *     {@link RejectedExecutionException} if too many callers wait, with a {@link TimeoutException} after 10 s
     */
    public CompletionStage<Explanation> explain(byte[] message, InetSocketAddress source, String socket) {
        return explanations.ask(lanes, message, source, socket);
    }

    public int lanes() {
        return lanes.size();
    }

    private void runOnAll(ObjLongConsumer<RelayLane> what) {
        lanes.forEach(lane -> lane.run(what));
    }

    /** The sum of a counter over all lanes. */
    public long count(LaneCounter counter) {
        return counters.stream().mapToLong(lane -> lane.get(counter)).sum();
    }

    /** The number of messages that could not be sent for this reason, over all lanes. */
    public long count(SendFailure why) {
        return counters.stream().mapToLong(lane -> lane.get(why)).sum();
    }

    /** The handshakes and PROXY protocol headers since the start. */
    public Handshakes handshakes() {
        return handshakes;
    }

    /** The limits of calls, and what this node uses of them. */
    public List<LimitUse> limitUses() {
        return ofCalls.uses(LaneInlet.nowMicros() * 1_000);
    }

    /** How many times a limit was reached. */
    public long count(Limit limit) {
        return limits.hits(limit);
    }

    /** Whether a lane sheds new requests: the heaviest mode of any lane, and the largest share. */
    public OverloadState overload() {
        return counters.stream().map(LaneCounters::overload).reduce(OverloadState.NORMAL, OverloadState::worse);
    }

    /** The limits that recently made this node refuse requests or connections even of sources that use little. */
    public List<Limit> full() {
        return limits.full(LaneInlet.monotonicMs());
    }

    /**
     * Closes the connections of clients, which learn that the node stops, then stops listening. Waits half a second at most for
     * peers that do not close theirs, and 10 s at most for each lane until all its sockets are closed.
     */
    @Override
    public void close() {
        closeConnections();
        systems.forEach(ActorSystem::terminate);
        systems.forEach(system -> system.getWhenTerminated()
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .exceptionally(late -> null)
                .join());
        pings.close();
        tls.close();
    }

    private void closeConnections() {
        List<CompletableFuture<Void>> closed = new ArrayList<>();
        for (LaneRef lane : lanes) {
            CompletableFuture<Void> one = new CompletableFuture<>();
            closed.add(one);
            lane.actor().tell(new LaneActor.Stop(one), ActorRef.noSender());
        }
        CompletableFuture.allOf(closed.toArray(CompletableFuture[]::new))
                .completeOnTimeout(null, LONGEST_SHUTDOWN_MS, TimeUnit.MILLISECONDS)
                .join();
    }
}
