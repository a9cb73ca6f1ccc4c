package org.sipdispatch.transport;

import akka.actor.AbstractActor;
import akka.actor.ActorRef;
import akka.actor.Cancellable;
import akka.actor.Props;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.javadsl.Adapter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.sipdispatch.destination.Observation;
import org.sipdispatch.limits.NodeLimits;
import org.sipdispatch.observation.Handshakes;
import org.sipdispatch.observation.LaneCounters;
import org.sipdispatch.proxy.AdmissionGate;
import org.sipdispatch.proxy.Backoffs;
import org.sipdispatch.proxy.DestinationIndex;
import org.sipdispatch.proxy.HostResolver;
import org.sipdispatch.proxy.LaneDependencies;
import org.sipdispatch.proxy.LaneSetup;
import org.sipdispatch.proxy.RelayLane;
import org.sipdispatch.sets.DestinationFacts;
import org.sipdispatch.sets.IpVersionPreference;
import org.sipdispatch.sets.LoadContext;
import org.sipdispatch.sets.PushedAttrs;
import org.sipdispatch.sets.SetActor;
import org.sipdispatch.sets.SetView;
import org.sipdispatch.sets.TargetAddresses;
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.sip.SipUri;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transaction.NextHop;
import org.sipdispatch.transaction.Protocol;
import org.sipdispatch.transaction.SendFailure;
import org.sipdispatch.transaction.TimerWheel;
import org.sipdispatch.transaction.TlsPeer;
import org.sipdispatch.transaction.TransactionConnections;

/**
 * One lane: its relay, clock, set actors and sockets. The actor and all its children run on the lane's one thread.
 */
final class LaneActor extends AbstractActor {
    /** The dispatcher of the lane's thread, in the lane's actor system. */
    static final String DISPATCHER = "sip-lane";

    private static final Duration TICK = Duration.ofMillis(TimerWheel.TICK_MS);
    private static final long CLOSE_IDLE_MS = 10_000;

    /** A round through all tasks has a turn of each socket: it takes longer than the wait for one socket may. */
    private static final int TASK_TARGETS = 4;

    /**
     * Starts listening.
     *
     * @param lanes all lanes, this one included
     * @param peers those whose connections all lanes use
     */
    record Start(List<LaneRef> lanes, SharedRemoteConnections peers, CompletableFuture<Void> listening) {}

    /** Replaces the views of all sets; {@code index}: their destinations. */
    record ReplaceSets(Collection<SetView> views, DestinationIndex index) {}

    /** Replaces the views of some sets; {@code index}: the destinations of all sets. */
    record UpdateSets(Collection<SetView> views, DestinationIndex index) {}

    private record Resume(Runnable continuation) {}

    /** Closes all connections, since the node stops; {@code closed} completes when all peers have closed them too. */
    record Stop(CompletableFuture<Void> closed) {}

    private enum Tick {
        INSTANCE
    }

    /**
     * The dependencies of a lane.
     *
     * @param tls null if the node has no TLS sockets
     */
    record Setup(
            LaneSetup lane,
            TransportSettings transport,
            LaneTlsContext.SharedTls tls,
            Handshakes handshakes,
            WatchableSockets watched,
            DnsResolver dns,
            LaneCounters counters,
            NodeLimits limits,
            DestinationFacts facts,
            Backoffs backoffs,
            Consumer<List<Observation>> evidence,
            Consumer<byte[]> carried,
            Consumer<PushedAttrs> pushed,
            LongSupplier pauses,
            Predicate<InetSocketAddress> guarded) {}

    private final Setup setup;
    private final LaneInlet inlet;
    private final LaneSetSelector sets;
    private final ConnectedUdpSockets watches;
    private List<LaneRef> lanes = List.of();
    private final List<ActorRef> listeners = new ArrayList<>();
    private TimerRounds rounds;
    private LaneTcpContext tcp;
    private CompletableFuture<Void> listening;
    /** Completes when all connections have closed; null unless the node stops. */
    private CompletableFuture<Void> closed;

    private int unbound;
    private Cancellable ticks;
    private long closeIdleAtMs;

    static Props props(Setup setup) {
        return Props.create(LaneActor.class, () -> new LaneActor(setup)).withDispatcher(DISPATCHER);
    }

    private LaneActor(Setup setup) {
        this.setup = setup;
        sets = new LaneSetSelector(setup.facts());
        inlet = new LaneInlet(setup.counters());
        watches = new ConnectedUdpSockets(
                inlet, setup.counters(), setup.watched(), setup.transport().maxIcmpSockets());
    }

    @Override
    public void postStop() {
        if (ticks != null) {
            ticks.cancel();
        } else if (setup.transport().udp() == UdpIo.DIRECT) {
            thread().tickEvery(TICK, () -> false, null);
        }
        watches.close();
    }

    @Override
    public Receive createReceive() {
        return receiveBuilder()
                .match(SetActor.Selected.class, inlet::selected)
                .matchEquals(Tick.INSTANCE, tick -> onTick())
                .matchEquals(TimerRounds.Continue.INSTANCE, round -> rounds.readSockets())
                .match(LaneRef.HandedOver.class, this::onHandedOver)
                .match(LaneRef.SendTcp.class, this::onSendTcp)
                .match(LaneRef.CheckAliases.class, check -> tcp.connections().checkAliases(check))
                .match(LaneRef.NoOtherConnection.class, returned -> onNoOtherConnection(returned.message()))
                .match(Resume.class, resume -> inlet.resume(resume.continuation()))
                .match(LaneRef.Unreachable.class, gone -> onUnreachable(gone.hop()))
                .match(ReplaceSets.class, all -> sets.replace(all.views(), all.index(), this::spawn))
                .match(UpdateSets.class, some -> sets.update(some.views(), some.index(), this::spawn))
                .match(LaneRef.RunOnLane.class, order -> inlet.run(order.what()))
                .match(Start.class, this::onStart)
                .match(Stop.class, this::onStop)
                .match(SocketBindEvents.Bound.class, bound -> onBound())
                .match(SocketBindEvents.BindFailed.class, failed -> onBindFailed(failed.socket()))
                .build();
    }

    private void onStart(Start start) {
        listening = start.listening();
        lanes = start.lanes();
        List<ListenSocket> sockets = setup.lane().sockets().all();
        unbound = sockets.size();
        UdpSender[] senders = new UdpSender[sockets.size()];
        tcp = tcp(start.peers());
        watches.start(lanes.get(setup.lane().lane()), lanes);
        sets.setReplyTargets(Adapter.toTyped(getSelf()));
        SocketTransport wire =
                new SocketTransport(senders, tcp.connections(), watches, new SocketTransport.Others(lanes, inlet));
        LaneDependencies ports = new LaneDependencies(
                wire,
                sets,
                setup.backoffs(),
                resolver(),
                setup.counters(),
                setup.limits(),
                LaneInlet::nowMicros,
                setup.evidence(),
                setup.carried(),
                setup.pushed(),
                onLane(),
                setup.pauses(),
                () -> System.currentTimeMillis() / 1000,
                setup.guarded());
        RelayLane relay = new RelayLane(setup.lane(), ports, inlet.nowMs());
        inlet.open(relay);
        openSockets(sockets, senders, relay.admission());
        startTicks();
    }

    private void startTicks() {
        if (setup.transport().udp() == UdpIo.DIRECT) {
            ActorRef self = getSelf();
            // The timers of other lanes wait until this one has looked at its sockets.
            BooleanSupplier idle = () -> lanes.size() == 1 && inlet.isIdleFor(DirectExecutor.INTERVALS_WHILE_IDLE);
            thread().tickEvery(TICK, idle, () -> self.tell(Tick.INSTANCE, ActorRef.noSender()));
            return;
        }
        ticks = getContext()
                .getSystem()
                .scheduler()
                .scheduleWithFixedDelay(
                        TICK, TICK, getSelf(), Tick.INSTANCE, getContext().getDispatcher(), getSelf());
    }

    private DirectExecutor thread() {
        return LaneThread.of(getContext().getSystem().settings()).direct();
    }

    private void openSockets(List<ListenSocket> sockets, UdpSender[] senders, AdmissionGate admission) {
        LaneRef own = lanes.get(setup.lane().lane());
        rounds = new TimerRounds(inlet, admission.source(TASK_TARGETS), own, lanes, System::nanoTime);
        for (ListenSocket socket : sockets) {
            if (socket.protocol() == Protocol.UDP) {
                UdpSender sender = new UdpSender();
                senders[socket.index()] = sender;
                UdpReader reader = new UdpReader(inlet, socket, admission.source(1), System::nanoTime, cpuClock());
                rounds.add(reader, child(udpSocket(reader, socket, sender)));
            } else {
                listeners.add(child(TcpListenerActor.props(tcp, socket)));
            }
        }
    }

    /** The processor time of the thread; the time itself if this virtual machine does not measure it. */
    private static LongSupplier cpuClock() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return threads.isCurrentThreadCpuTimeSupported() ? threads::getCurrentThreadCpuTime : System::nanoTime;
    }

    private void onStop(Stop stop) {
        closed = stop.closed();
        listeners.forEach(one -> one.tell(TcpListenerActor.StopAccepting.INSTANCE, getSelf()));
        if (tcp != null) {
            tcp.connections().stopNode();
        }
        completeIfClosed();
    }

    private void completeIfClosed() {
        if (closed != null && (tcp == null || tcp.connections().isEmpty())) {
            closed.complete(null);
        }
    }

    private LaneTcpContext tcp(SharedRemoteConnections peers) {
        TcpConnections connections = new TcpConnections(setup.lane().lane(), lanes, peers, setup.transport(), inlet);
        return new LaneTcpContext(inlet, connections, setup.transport(), tls(), setup.handshakes());
    }

    private Props udpSocket(UdpReader reader, ListenSocket socket, UdpSender sender) {
        return switch (setup.transport().udp()) {
            case AKKA_IO -> AkkaUdpSocketActor.props(reader, rounds, socket, sender);
            case DIRECT -> DirectUdpSocketActor.props(reader, rounds, socket, sender);
        };
    }

    private LaneTlsContext tls() {
        return setup.tls() == null ? null : new LaneTlsContext(setup.tls(), inlet, setup.transport());
    }

    private ActorRef child(Props props) {
        return getContext().actorOf(props.withDispatcher(DISPATCHER));
    }

    private Consumer<Runnable> onLane() {
        ActorRef self = getSelf();
        return task -> self.tell(new Resume(task), ActorRef.noSender());
    }

    private HostResolver resolver() {
        ActorRef self = getSelf();
        return new HostResolver() {
            @Override
            public void resolve(
                    SipUri uri, long draw, IpVersionPreference versions, Consumer<List<InetSocketAddress>> then) {
                setup.dns()
                        .resolve(
                                uri,
                                draw,
                                versions(versions),
                                inlet.nowMs(),
                                then,
                                found -> self.tell(new Resume(() -> then.accept(found)), ActorRef.noSender()));
            }

            @Override
            public List<InetSocketAddress> order(TargetAddresses targets, long draw, IpVersionPreference versions) {
                // The lanes and nodes draw in different orders.
                return targets.order(draw + setup.lane().seed(), versions(versions));
            }

            private IpVersionPreference versions(IpVersionPreference wanted) {
                return wanted == null ? setup.transport().ipVersions() : wanted;
            }
        };
    }

    private void onTick() {
        rounds.begin(getContext().getDispatcher(), getSelf());
        completeIfClosed();
        long nowMs = inlet.nowMs();
        if (nowMs >= closeIdleAtMs) {
            closeIdleAtMs = nowMs + CLOSE_IDLE_MS;
            watches.closeIdle();
        }
    }

    private void onHandedOver(LaneRef.HandedOver message) {
        lanes.get(setup.lane().lane()).arrived(message);
        inlet.received(message.bytes(), message.offset(), message.length(), message.flow());
    }

    private void onSendTcp(LaneRef.SendTcp send) {
        TcpConnections connections = tcp.connections();
        if (send.isTooLate()) {
            connections.notSent(send.from(), send.bytes(), send.remote(), SendFailure.FLOW_FAILED, "");
            return;
        }
        if (send.connections().areKnown() || connections.find(send) != null) {
            connections.send(send);
            return;
        }
        TlsPeer peer = send.connections().peer();
        LaneRef other = connections.otherLane(send.socket(), send.remote(), peer);
        if (other != null) {
            other.actor().tell(send, getSelf());
        } else if (send.from() != setup.lane().lane()) {
            lanes.get(send.from()).actor().tell(new LaneRef.NoOtherConnection(send), getSelf());
        } else {
            onNoOtherConnection(send);
        }
    }

    /** A lane opens connections for its own messages only, so it learns when they close. */
    private void onNoOtherConnection(LaneRef.SendTcp send) {
        if (tcp.connections().find(send) != null) {
            tcp.connections().send(send);
        } else {
            openFor(send, send.connections().peer());
        }
    }

    private void openFor(LaneRef.SendTcp send, TlsPeer wanted) {
        if (send.socket().protocol().isWebSocket()) {
            // A response whose connection has closed: a WebSocket client accepts none (RFC 7118 section 7).
            inlet.notSent(send.bytes(), send.remote(), SendFailure.FLOW_FAILED);
            return;
        }
        if (!AddressPolicy.allows(send.socket(), send.remote())) {
            inlet.notSent(send.bytes(), send.remote(), SendFailure.NOT_ALLOWED);
            return;
        }
        boolean isTls = send.socket().protocol() == Protocol.TLS;
        TlsPeer peer = isTls ? tcp.connections().tlsPeer(send.remote(), wanted) : null;
        if (isTls && !tcp.tls().isKnown(peer)) {
            inlet.notSent(send.bytes(), send.remote(), SendFailure.NO_TLS_DOMAIN);
            return;
        }
        NextHop hop = new NextHop(send.socket(), send.remote(), TransactionConnections.to(peer));
        ActorRef made = NewTcpConnection.open(getContext(), tcp, hop);
        if (made == null) {
            inlet.notSent(send.bytes(), send.remote(), SendFailure.NO_CONNECTION);
        } else {
            made.tell(tcp.connections().own(send.bytes()), getSelf());
        }
    }

    private void onUnreachable(NextHop hop) {
        watches.unreachable(hop);
        inlet.unreachable(hop);
    }

    private akka.actor.typed.ActorRef<SetActor.Command> spawn(SetView view) {
        LoadContext load = new LoadContext(setup.facts(), setup.lane().routing().load());
        return Adapter.spawnAnonymous(
                getContext(), SetActor.create(view, load), DispatcherSelector.fromConfig(DISPATCHER));
    }

    private void onBound() {
        unbound--;
        if (unbound == 0) {
            listening.complete(null);
        }
    }

    private void onBindFailed(ListenSocket socket) {
        listening.completeExceptionally(new SettingException(
                "sockets." + socket.name(), socket, "an address of this host with a port that is free"));
    }
}
