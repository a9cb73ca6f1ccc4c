package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.BehaviorTestKit;
import akka.actor.testkit.typed.javadsl.TestInbox;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.sipdispatch.destination.Observation;
import org.sipdispatch.destination.Ping;
import org.sipdispatch.destination.PingResult;
import org.sipdispatch.limits.LimitSettings;
import org.sipdispatch.limits.NodeLimits;
import org.sipdispatch.observation.LaneCounters;
import org.sipdispatch.observation.Limits;
import org.sipdispatch.routing.RoutingSettings;
import org.sipdispatch.sets.Algorithm;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.DestinationFacts;
import org.sipdispatch.sets.IpVersionPreference;
import org.sipdispatch.sets.LoadContext;
import org.sipdispatch.sets.PushedAttrs;
import org.sipdispatch.sets.Ranking;
import org.sipdispatch.sets.SelectContext;
import org.sipdispatch.sets.SelectFlags;
import org.sipdispatch.sets.SelectTrace;
import org.sipdispatch.sets.SetActor;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;
import org.sipdispatch.sets.TargetAddresses;
import org.sipdispatch.sets.TrafficViews;
import org.sipdispatch.settings.Section;
import org.sipdispatch.sip.Ascii;
import org.sipdispatch.sip.ParseFailure;
import org.sipdispatch.sip.ParseResult;
import org.sipdispatch.sip.SipMessage;
import org.sipdispatch.sip.SipParser;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipUri;
import org.sipdispatch.transaction.Flow;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transaction.ListenSockets;
import org.sipdispatch.transaction.NextHop;
import org.sipdispatch.transaction.Protocol;
import org.sipdispatch.transaction.SendFailure;
import org.sipdispatch.transaction.SocketAddresses;
import org.sipdispatch.transaction.TimerWheel;
import org.sipdispatch.transaction.TransactionConnections;

/** A real lane with fake ports: records what the lane sends, and advances the time on request. */
final class LaneFixture {
    static final ListenSocket MAIN = udp(0, "main", "192.0.2.10");
    static final ListenSocket OTHER = udp(1, "other", "198.51.100.10");
    static final ListenSocket STREAM =
            new ListenSocket(2, "stream", Protocol.TCP, address("192.0.2.10:5060"), "192.0.2.10", 5060);
    static final ListenSocket WS = new ListenSocket(3, "ws", Protocol.WS, address("192.0.2.10:80"), "192.0.2.10", 80);
    static final ListenSocket WSS =
            new ListenSocket(4, "wss", Protocol.WSS, address("192.0.2.10:443"), "192.0.2.10", 443);
    /** Only lanes {@link #overTls} have it. */
    static final ListenSocket TLS =
            new ListenSocket(5, "tls", Protocol.TLS, address("192.0.2.10:5061"), "192.0.2.10", 5061);
    /** The block of {@code tls.client_domains} that checks no certificate. */
    static final String UNCHECKED = "lab";

    static final String CALLER = "192.0.2.1:5060";

    private static final Map<String, String> NAMES = Map.of(
            CALLER,
            "caller",
            "10.0.0.1:5060",
            "d1",
            "10.0.0.2:5060",
            "d2",
            "10.0.0.3:5060",
            "d3",
            "10.0.0.4:5060",
            "d4",
            "10.0.0.5:5060",
            "d5",
            "10.0.0.6:5060",
            "d6");
    private static final long EPOCH_SECONDS = 1_700_000_000;
    private static final String STATEFUL = """
            sip-dispatcher {
              relay.secret = "a secret for tests"
              rules = [ { select { set = 1, flags = F } } ]
            }
            """;

    /** One message that the lane sent. */
    /** {@code message} is null for a response to a request that lacks mandatory header fields: it lacks them too. */
    record Sent(
            long atMs,
            ListenSocket socket,
            InetSocketAddress to,
            TransactionConnections connections,
            SipMessage message,
            String text) {
        long connection() {
            return connections.number();
        }

        /** The complete header line with that name; fails if there is none. */
        String line(String name) {
            assertThat(lines(name)).as(text()).isNotEmpty();
            return lines(name).get(0);
        }

        List<String> lines(String name) {
            return text().lines()
                    .filter(line -> line.startsWith(name + ":"))
                    .map(line -> line.replaceFirst(":\\s+", ": "))
                    .toList();
        }

        String startLine() {
            return text().lines().findFirst().orElseThrow();
        }

        boolean isRequest(String method) {
            return message instanceof SipRequest request && request.isMethod(method);
        }

        @Override
        public String toString() {
            String what = message instanceof SipRequest request
                    ? request.method()
                    : startLine().substring(8, 11);
            String address = hostPort(to);
            return what + " to " + NAMES.getOrDefault(address, address);
        }
    }

    /** A selection that the lane requested from a set. */
    record Asked(SetId set, Algorithm algorithm, int hash, SelectFlags flags, SelectContext context) {}

    /** A message that the lane passed to another one. */
    record HandedOver(int lane, String text) {}

    final LaneCounters counters = new LaneCounters(new Limits());
    final List<Asked> asked = new ArrayList<>();
    final List<NextHop> watched = new ArrayList<>();
    final List<HandedOver> handedOver = new ArrayList<>();
    final List<Observation> observations = new ArrayList<>();
    final List<byte[]> carried = new ArrayList<>();
    final List<PushedAttrs> pushed = new ArrayList<>();
    private final List<Sent> all = new ArrayList<>();
    private final Map<String, SendFailure> refused = new HashMap<>();
    private final Set<String> out = new HashSet<>();
    private final Set<String> guarded = new HashSet<>();
    private DestinationIndex destinations = DestinationIndex.EMPTY;
    private final Map<Integer, List<Destination>> sets = new HashMap<>();
    private final Map<String, List<InetSocketAddress>> hosts = new HashMap<>();
    /** The {@code draw} argument of each name resolution. */
    final List<Long> draws = new ArrayList<>();
    /** The {@code versions} argument of each. */
    final List<IpVersionPreference> versions = new ArrayList<>();

    /** The targets of the destinations that have any. */
    final Map<Destination, TargetAddresses> targets = new HashMap<>();

    private final List<Asked> openQuestions = new ArrayList<>();
    private final Map<SipUri, Consumer<List<InetSocketAddress>>> openLookUps = new LinkedHashMap<>();
    final NodeLimits limits;
    private final Sets setSelector = new Sets();
    private final TrafficViews traffic;
    private final RelayLane lane;
    private AdmissionGate.Source queue;
    private boolean setsAreSlow;
    private boolean selectsNothing;
    private boolean namesAreSlow;
    boolean otherLanesAreBusy;
    private int shown;
    /** The number of detected pauses of the process. */
    long pauses;

    private long nowMs = 1_000_000;

    private LaneFixture(String configuration, int number, int lanes, ListenSocket... sockets) {
        Config config = ConfigFactory.load(
                        ConfigFactory.parseString(configuration).withFallback(ConfigFactory.parseString(STATEFUL)))
                .getConfig("sip-dispatcher");
        Section root = Section.root(config);
        RoutingSettings routing = RoutingSettings.from(root);
        LaneSetup setup = new LaneSetup(
                number,
                lanes,
                RelaySettings.from(root.section("relay")),
                routing,
                new ListenSockets(List.of(sockets), Set.of("sip.example.net")),
                Set.of(UNCHECKED),
                NewRequests.DISPATCHED,
                number);
        limits = NodeLimits.ofOneNode(
                LimitSettings.from(root.section("limits"), "default", Set.of("default"))
                        .withResources(routing.resources()),
                nowMs * 1_000_000);
        traffic = new TrafficViews(routing.longestBackoff(), routing.slowStart());
        LaneDependencies ports = new LaneDependencies(
                new RecordingTransport(),
                setSelector,
                new FixtureBackoffs(),
                this::resolve,
                counters,
                limits,
                () -> nowMs * 1000,
                observations::addAll,
                carried::add,
                pushed::add,
                task -> lane().resume(task, nowMs),
                () -> pauses,
                () -> EPOCH_SECONDS + nowMs / 1000,
                remote -> guarded.contains(hostPort(remote)));
        lane = new RelayLane(setup, ports, nowMs);
        set(1, "sip:10.0.0.1", "sip:10.0.0.2", "sip:10.0.0.3");
    }

    /** Relays statefully to set 1, which contains d1, d2 and d3. */
    static LaneFixture stateful(String... settings) {
        return new LaneFixture(
                "sip-dispatcher {\n" + String.join("\n", settings) + "\n}", 0, 1, MAIN, OTHER, STREAM, WS, WSS);
    }

    /** The same with a TLS socket. */
    static LaneFixture overTls() {
        return new LaneFixture("", 0, 1, MAIN, OTHER, STREAM, WS, WSS, TLS);
    }

    static LaneFixture stateless(String... settings) {
        return stateful("relay-defaults.mode = stateless\n" + String.join("\n", settings));
    }

    static LaneFixture oneOf(int lanes, int number) {
        return new LaneFixture("", number, lanes, MAIN, OTHER, STREAM, WS, WSS);
    }

    private RelayLane lane() {
        return lane;
    }

    private final class RecordingTransport implements LaneTransport {
        @Override
        public SendFailure send(
                ListenSocket socket,
                InetSocketAddress to,
                TransactionConnections connections,
                byte[] bytes,
                int length) {
            SendFailure why = refused.get(hostPort(to));
            if (why != null) {
                return why;
            }
            byte[] copy = java.util.Arrays.copyOf(bytes, length);
            ParseResult parsed = copy[0] == 'S' && copy[3] == '/'
                    ? SipParser.parse(copy, 0, length)
                    : SipParser.parseOwnRequest(copy);
            SipMessage message =
                    parsed instanceof ParseFailure failure && failure.reason().startsWith("Missing ")
                            ? null
                            : (SipMessage) parsed;
            all.add(new Sent(nowMs, socket, to, connections, message, Ascii.text(copy, 0, length)));
            return null;
        }

        @Override
        public void watch(NextHop hop) {
            watched.add(hop);
        }

        @Override
        public boolean handOver(int number, byte[] bytes, int offset, int length, Flow flow) {
            handedOver.add(new HandedOver(number, Ascii.text(bytes, offset, offset + length)));
            return !otherLanesAreBusy;
        }
    }

    /** The backoff of destinations for one lane: the views that other lanes and the cluster would get are not used. */
    private final class FixtureBackoffs implements Backoffs {
        @Override
        public void begin(Destination destination, long seconds) {
            traffic.update(setSelector.view(destination.setId()), nowMs);
            traffic.backOff(destination, seconds * 1000, nowMs);
        }

        @Override
        public long remainingMs(SetId set) {
            SetView view = setSelector.view(set);
            if (view != null) {
                traffic.update(view, nowMs);
            }
            return traffic.backoffMs(set, nowMs);
        }
    }

    private final class Sets implements SetSelector {
        @Override
        public boolean rank(SetId set, Ranking ranking, SelectFlags flags, SelectContext context) {
            SetView view = view(set);
            TestInbox<SetActor.Selected> inbox = TestInbox.create();
            BehaviorTestKit.create(SetActor.create(view, LoadContext.NONE))
                    .run(new SetActor.Rank(ranking, flags, context, inbox.getRef()));
            lane.selected(inbox.receiveMessage(), nowMs);
            return true;
        }

        @Override
        public DestinationFacts facts() {
            return DestinationFacts.NONE;
        }

        @Override
        public boolean ask(SetId set, Algorithm algorithm, int hash, SelectFlags flags, SelectContext context) {
            return sets.containsKey(set.number()) && ask(new Asked(set, algorithm, hash, flags, context));
        }

        private boolean ask(Asked question) {
            return question.context.trace() == SelectTrace.NONE ? LaneFixture.this.ask(question) : explain(question);
        }

        @Override
        public TargetAddresses targets(Destination destination) {
            return targets.get(destination);
        }

        @Override
        public DestinationIndex destinations() {
            return destinations;
        }

        @Override
        public boolean isUnusable(Destination candidate) {
            return out.contains(candidate.uri()) || traffic.shares(nowMs).containsKey(candidate.id());
        }

        /** All members are usable. */
        @Override
        public SetView view(SetId set) {
            List<Destination> members = sets.get(set.number());
            return members == null
                    ? null
                    : SetView.of(
                            set,
                            members.stream()
                                    .map(member -> new SetView.SetMember(member, true))
                                    .toList());
        }

        /** Answers with a real set actor. */
        private boolean explain(Asked question) {
            TestInbox<SetActor.Selected> inbox = TestInbox.create();
            BehaviorTestKit.create(SetActor.create(view(question.set), LoadContext.NONE))
                    .run(new SetActor.Select(
                            question.algorithm, question.hash, question.flags, question.context, inbox.getRef()));
            lane.selected(inbox.receiveMessage(), nowMs);
            return true;
        }
    }

    /** The explanation of a request; fails if it is not available immediately. */
    Explanation explained(String text) {
        return explained(text, new Flow(MAIN, address(CALLER), Flow.NO_CONNECTION));
    }

    Explanation explained(String text, Flow flow) {
        List<Explanation> explanations = beginsToExplain(text, flow);
        assertThat(explanations).hasSize(1);
        return explanations.get(0);
    }

    /** A list that receives the explanation when it is available. */
    List<Explanation> beginsToExplain(String text) {
        return beginsToExplain(text, new Flow(MAIN, address(CALLER), Flow.NO_CONNECTION));
    }

    private List<Explanation> beginsToExplain(String text, Flow flow) {
        List<Explanation> explanations = new ArrayList<>();
        lane.explain(Ascii.bytes(text), flow, explanations::add, nowMs);
        return explanations;
    }

    private boolean ask(Asked question) {
        asked.add(question);
        if (setsAreSlow) {
            openQuestions.add(question);
        } else {
            answer(question);
        }
        return true;
    }

    private void answer(Asked question) {
        List<Destination> members = selectsNothing ? List.of() : sets.get(question.set.number());
        boolean first = !question.flags.failover() && !members.isEmpty();
        lane.selected(new SetActor.Selected(question.context, first ? members.subList(0, 1) : members), nowMs);
    }

    private void resolve(SipUri uri, long draw, IpVersionPreference wanted, Consumer<List<InetSocketAddress>> then) {
        draws.add(draw);
        versions.add(wanted);
        if (namesAreSlow) {
            openLookUps.put(uri, then);
        } else {
            then.accept(hosts.getOrDefault(uri.host(), List.of()));
        }
    }

    /** Sets the set's candidates, best first. A URI may be followed by its socket: "sip:h@@main". */
    LaneFixture set(int number, String... uris) {
        List<Destination> members = new ArrayList<>();
        for (String uri : uris) {
            String[] parts = uri.split("@@");
            members.add(new Destination("default", number, parts[0], parts.length > 1 ? parts[1] : null, 1, 0, "", ""));
        }
        return defines(number, members);
    }

    /** Sets the attributes of the set's members, in order. */
    LaneFixture attrs(int number, String... attrs) {
        List<Destination> members = new ArrayList<>();
        for (Destination member : sets.get(number)) {
            String own = attrs[members.size()];
            members.add(new Destination("default", number, member.uri(), member.socket(), 1, 0, own, "to " + own));
        }
        return defines(number, members);
    }

    private LaneFixture defines(int number, List<Destination> members) {
        sets.put(number, members);
        destinations = DestinationIndex.ofDestinations(
                sets.values().stream().flatMap(List::stream).toList());
        limits.replace(sets.keySet().stream().map(this::view).toList(), nowMs * 1_000_000);
        return this;
    }

    private SetView view(int number) {
        return new Sets().view(new SetId("default", number));
    }

    /** Makes the destination unusable, also for requests that already have it as a candidate. */
    void takesOut(String uri) {
        out.add(uri);
    }

    LaneFixture host(String name, String... addresses) {
        hosts.put(
                name,
                java.util.Arrays.stream(addresses).map(LaneFixture::address).toList());
        return this;
    }

    /** Makes DNS queries for this name fail. */
    void hostIsNotAnswered(String name) {
        hosts.put(name, HostResolver.NO_ANSWER);
    }

    /** All sets answer that no member is usable. */
    void selectsNothing() {
        selectsNothing = true;
    }

    void setsAreSlow() {
        setsAreSlow = true;
    }

    void setsAnswer() {
        List<Asked> open = List.copyOf(openQuestions);
        openQuestions.clear();
        open.forEach(this::answer);
    }

    LaneFixture namesAreSlow() {
        namesAreSlow = true;
        return this;
    }

    void namesAreFound() {
        Map<SipUri, Consumer<List<InetSocketAddress>>> open = new LinkedHashMap<>(openLookUps);
        openLookUps.clear();
        open.forEach((uri, then) -> lane.resume(() -> then.accept(hosts.getOrDefault(uri.host(), List.of())), nowMs));
    }

    /** Makes the address unreachable; the lane learns this when it sends. */
    void refuses(String hostPort) {
        refuses(hostPort, SendFailure.UNREACHABLE);
    }

    /** Makes sending to the address fail for this reason. */
    void refuses(String hostPort, SendFailure why) {
        refused.put(hostPort, why);
    }

    /** Makes the address a management port of this node. */
    void guards(String hostPort) {
        guarded.add(hostPort);
    }

    void accepts(String hostPort) {
        refused.remove(hostPort);
    }

    void isUnreachable(ListenSocket socket, String hostPort) {
        isLost(socket, hostPort, SendFailure.UNREACHABLE);
    }

    void isLost(ListenSocket socket, String hostPort, SendFailure why) {
        lane.transportError(new NextHop(socket, address(hostPort)), hop -> true, why, "", nowMs);
    }

    /** Reports that a message which was accepted for sending could not be sent. */
    void couldNotSend(Sent sent, SendFailure why) {
        couldNotSend(sent, why, "");
    }

    /** The same with more about the failure. */
    void couldNotSend(Sent sent, SendFailure why, String detail) {
        lane.notSent(sent.message().bytes(), sent.to(), why, detail, nowMs);
    }

    void callerSends(String text) {
        arrives(text, new Flow(MAIN, address(CALLER), Flow.NO_CONNECTION));
    }

    void callerSendsOnStream(String text, long connection) {
        arrives(text, new Flow(STREAM, address("192.0.2.1:33000"), connection));
    }

    void arrives(String text, Flow flow) {
        byte[] bytes = Ascii.bytes(text);
        lane.received(bytes, 0, bytes.length, flow, nowMs);
    }

    /** Delivers bytes that the transport reports as too large. */
    void arrivesTooLarge(String text) {
        lane.refuse(Ascii.bytes(text), new Flow(MAIN, address(CALLER), 0), 513, "Message Too Large", nowMs);
    }

    /** Responds from the destination of the last request. */
    void destinationAnswers(int code, String... headers) {
        answers(lastOf("INVITE", "REGISTER", "OPTIONS", "MESSAGE", "BYE", "SUBSCRIBE"), code, headers);
    }

    /** Responds from the address that the request was sent to. */
    void answers(Sent request, int code, String... headers) {
        arrives(response(request.message(), code, headers), new Flow(request.socket(), request.to(), 0));
    }

    /** Sends a ping and adds its result to the list. */
    void pings(Ping ping, List<PingResult> results) {
        pingsOrdered(pauses, ping, results);
    }

    /** Sends a ping that was ordered after this number of pauses. */
    void pingsOrdered(long orderedPauses, Ping ping, List<PingResult> results) {
        lane.ping(ping, orderedPauses, results::add, nowMs);
    }

    /** The lane reports its calls to other nodes from now on; see {@link #carried}. */
    LaneFixture hasPeers() {
        lane.shareCalls(true);
        return this;
    }

    void refusesNewCalls() {
        treatsNewRequests(NewRequests.REFUSED_AT_STOP);
    }

    void treatsNewRequests(NewRequests treatment) {
        lane.setNewRequests(treatment);
    }

    /** The cluster confirms the lane's views as they were after this number of pauses. */
    void confirms(long count) {
        lane.viewsConfirmed(count, nowMs);
    }

    /** Delivers other nodes' calls. */
    LaneFixture carries(List<byte[]> calls) {
        calls.forEach(one -> lane.receivePeerCalls(one, nowMs));
        return this;
    }

    /**
     * Messages have waited for the lane for this time. Call this again after an interval for the lane to be overloaded.
     */
    void messagesWaited(long ms) {
        if (queue == null) {
            queue = lane.admission().source(1);
        }
        queue.waited(ms * 1_000_000, ms * 1_000_000, nowMs * 1_000_000);
    }

    /** The lane is overloaded from now on, with messages that have waited for this time. */
    LaneFixture isOverloaded(long ms) {
        messagesWaited(ms);
        passes(200);
        messagesWaited(ms);
        return this;
    }

    /** Advances the time, but what arrived later than {@code unreadMs} ago has not been read. */
    void passesUnread(long ms, long unreadMs) {
        nowMs += ms;
        lane.tick(nowMs, nowMs - unreadMs);
    }

    /** Advances the time tick by tick. */
    LaneFixture passes(long ms) {
        for (long end = nowMs + ms; nowMs < end; ) {
            nowMs += TimerWheel.TICK_MS;
            lane.tick(nowMs, nowMs);
        }
        return this;
    }

    /** Moves the clock between two ticks. */
    LaneFixture isLaterBy(long ms) {
        nowMs += ms;
        return this;
    }

    /** What was sent since the last call of this method. */
    List<String> sent() {
        List<String> fresh =
                all.subList(shown, all.size()).stream().map(Sent::toString).toList();
        shown = all.size();
        return fresh;
    }

    /** What is sent during this time, each prefixed with the milliseconds from now. */
    List<String> sentDuring(long ms) {
        long begin = nowMs;
        shown = all.size();
        passes(ms);
        List<String> fresh = all.subList(shown, all.size()).stream()
                .map(one -> one.atMs() - begin + " " + one)
                .toList();
        shown = all.size();
        return fresh;
    }

    boolean lastIsNone() {
        return all.isEmpty();
    }

    Sent last() {
        return all.get(all.size() - 1);
    }

    /** The last request that was sent with one of these methods. */
    Sent lastOf(String... methods) {
        for (int i = all.size() - 1; i >= 0; i--) {
            for (String method : methods) {
                if (all.get(i).isRequest(method)) {
                    return all.get(i);
                }
            }
        }
        throw new AssertionError("no " + String.join(" or ", methods) + " was sent, only " + all);
    }

    /** The first message that was sent to that address. */
    Sent firstTo(String name) {
        return all.stream()
                .filter(one -> one.toString().endsWith(" to " + name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("nothing was sent to " + name + ", only " + all));
    }

    /** Everything that was sent after the first ones, as many as that number. */
    List<Sent> sentAfter(int number) {
        return List.copyOf(all.subList(number, all.size()));
    }

    /** The last message that was sent to that address. */
    Sent lastTo(String name) {
        for (int i = all.size() - 1; i >= 0; i--) {
            if (all.get(i).toString().endsWith(" to " + name)) {
                return all.get(i);
            }
        }
        throw new AssertionError("nothing was sent to " + name + ", only " + all);
    }

    int transactions() {
        return lane.transactions();
    }

    /** The number of objects of each class that the lane keeps from the collector. */
    Map<String, Integer> heldObjects() {
        return HeldObjects.of(lane, type -> type.getName().startsWith(LaneFixture.class.getName()));
    }

    static String invite(String... headers) {
        return request("INVITE", headers);
    }

    /** A request of the caller, all in one dialog and transaction. */
    static String request(String method, String... headers) {
        return text(
                method + " sip:bob@example.com SIP/2.0",
                "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKc1",
                "Max-Forwards: 70",
                "From: <sip:alice@example.com>;tag=a1",
                "To: <sip:bob@example.com>",
                "Call-ID: c1@192.0.2.1",
                "CSeq: 1 " + method + more(headers),
                "Content-Length: 0");
    }

    /** A request of the dialog, with a transaction of its own and the callee's tag. */
    static String inDialog(String method, String... headers) {
        return request(method, headers)
                .replace("z9hG4bKc1", "z9hG4bKdialog" + method)
                .replace("To: <sip:bob@example.com>", "To: <sip:bob@example.com>;tag=d1");
    }

    /** The ACK for a response other than 2xx. */
    static String ack(Sent response) {
        return request("ACK").replace("To: <sip:bob@example.com>", response.line("To"));
    }

    static String response(SipMessage request, int code, String... headers) {
        List<String> copied = request.toString()
                .lines()
                .filter(line -> line.matches("(Via|From|To|Call-ID|CSeq|Record-Route):.*"))
                .map(line -> line.startsWith("To:") && !line.contains("tag=") && code > 100 ? line + ";tag=d1" : line)
                .toList();
        return text("SIP/2.0 " + code + " Answer", String.join("\r\n", copied) + more(headers), "Content-Length: 0");
    }

    private static String more(String... lines) {
        return lines.length == 0 ? "" : "\r\n" + String.join("\r\n", lines);
    }

    static String text(String... lines) {
        return String.join("\r\n", lines) + "\r\n\r\n";
    }

    static InetSocketAddress address(String hostPort) {
        SipUri uri = SipUri.parse("sip:" + hostPort);
        return SocketAddresses.literal(uri);
    }

    private static String hostPort(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    private static ListenSocket udp(int index, String name, String host) {
        return new ListenSocket(index, name, Protocol.UDP, address(host + ":5060"), host, 5060);
    }
}
