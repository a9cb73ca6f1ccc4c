package org.sipdispatch.limits;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;

/**
 * Three nodes that share one limit, with calls, in simulated time. Messages arrive after any short time, in any order.
 * Leases are as in the cluster: a node has one for 1.5 s after the question that another one has answered.
 */
final class SimulatedNodes {
    private static final long MS = 1_000_000;
    private static final long LENGTH_NANOS = 1500 * MS;
    private static final long QUESTION_MS = 250;
    private static final long TICK_MS = 50;
    private static final long LONGEST_MS = 3_600_000;
    private static final int NODES = 3;
    /** After this time of silence the others remove a node. */
    private static final int REMOVAL_MS = 2500;
    /** All know of a change within this time. */
    private static final int GOSSIP_MS = 300;

    /** One BYE in so many. */
    private static final int LOST_BYES = 2000;

    private static final String ID = "default:1:sip:10.0.0.1";

    /** {@code sender}: the node with which it is lost; null for none. {@code news}: the calls that it tells of. */
    private record Event(long atNanos, long number, Node sender, List<AnsweredCall> news, Runnable action) {}

    private final class Node implements SharedLimits.Membership, SharedLimits.Messenger {
        private final int rank;
        private final String attrs;
        private NodeLimits limits;
        /** Grows with each start; nothing of an earlier process runs any more. */
        private int process;
        /** Its number in the current session. */
        private long number;
        /** Null between two sessions. */
        private SharedLimits shared;
        /** The nodes of the cluster as it knows them, oldest first. */
        private List<Long> members = List.of();

        private final Set<Long> removed = new HashSet<>();

        private final Map<Long, Long> answers = new HashMap<>();
        private final Map<Long, Long> promises = new HashMap<>();
        private final Map<Long, CallHold> calls = new HashMap<>();
        private boolean dead;
        private long pausedUntilNanos = nowNanos;
        private int callsPerSecond;

        Node(int rank, String attrs) {
            this.rank = rank;
            this.attrs = attrs;
            startProcess();
        }

        private void startProcess() {
            process++;
            calls.clear();
            limits = NodeLimits.ofCluster(LimitSettings.NONE, NODES, rank, nowNanos);
            Destination destination = new Destination("default", 1, "sip:10.0.0.1", null, 1, 0, attrs, "");
            SetView.SetMember member = new SetView.SetMember(destination, true);
            limits.replace(List.of(SetView.of(new SetId("default", 1), List.of(member))), nowNanos);
            limits.whenEndedElsewhere(key -> end(calls.remove(key)));
        }

        void beginToRun(long newNumber) {
            beginSession(newNumber);
            tick();
            ask();
            callAtItsRate();
        }

        void beginSession(long newNumber) {
            number = newNumber;
            answers.clear();
            promises.clear();
            SharedLimits session = new SharedLimits(limits, number, this, this);
            shared = session;
            limits.whenWaiting(() -> at(this, 0, () -> session.waiting(nowNanos)));
            limits.news().passTo(new CallNews.Receiver() {
                @Override
                public void told(AnsweredCall call, Runnable known) {
                    session.ownTold(call, known, nowNanos);
                }

                @Override
                public void answered(AnsweredCall call) {
                    session.ownAnswered(call, nowNanos);
                }

                @Override
                public void ended(long key) {
                    session.ownEnded(key);
                }
            });
        }

        /** As {@link org.sipdispatch.cluster.LimitsActor} ends. */
        void endSession() {
            limits.news().passTo(null);
            shared.stop();
            shared = null;
            members = List.of();
            limits.whenWaiting(() -> {});
            limits.endLease(nowNanos);
            limits.resumeAll(nowNanos);
        }

        private void end(CallHold call) {
            if (call != null) {
                call.ended();
            }
        }

        void tick() {
            if (shared != null) {
                shared.tick(nowNanos);
            }
            at(this, TICK_MS, this::tick);
        }

        void ask() {
            long asked = nowNanos;
            long asking = number;
            members.stream()
                    .filter(member -> member != asking)
                    .forEach(member -> send(member, false, peer -> {
                        if (peer.members.contains(asking)) {
                            peer.promises.put(asking, nowNanos);
                            peer.send(asking, false, self -> answers.merge(member, asked, Math::max));
                        }
                    }));
            at(this, QUESTION_MS, this::ask);
        }

        /** Nothing arrives from or at a session that the other node has seen removed. */
        void send(long to, boolean mayBeLost, Consumer<Node> delivery) {
            if (!mayBeLost || !losing || random.nextInt(10) > 0) {
                deliver(to, null, List.of(), delivery);
            }
        }

        private void deliver(long to, Node sender, List<AnsweredCall> news, Consumer<Node> delivery) {
            long from = number;
            Node target = node(to);
            if (members.contains(to) && !(cut.contains(this) && cut.contains(target))) {
                at(target, random.nextInt(20), sender, news, () -> {
                    if (target.shared != null && target.number == to && !target.removed.contains(from)) {
                        delivery.accept(target);
                    }
                });
            }
        }

        private Set<Long> since(Map<Long, Long> times) {
            Set<Long> lately = new HashSet<>(times.keySet());
            lately.removeIf(node -> nowNanos - times.get(node) >= LENGTH_NANOS);
            return lately;
        }

        @Override
        public List<Long> voters() {
            return members;
        }

        @Override
        public Set<Long> present() {
            return new LinkedHashSet<>(members);
        }

        @Override
        public Set<Long> answering() {
            return since(answers);
        }

        @Override
        public Set<Long> promised() {
            return since(promises);
        }

        @Override
        public long leaseNanos() {
            return LENGTH_NANOS;
        }

        @Override
        public long remainingNanos() {
            return answers.values().stream()
                    .mapToLong(asked -> asked + LENGTH_NANOS - nowNanos)
                    .max()
                    .orElse(0);
        }

        @Override
        public void report(long to, ShareReport report) {
            send(to, true, node -> node.shared.reported(report, nowNanos));
        }

        @Override
        public void grant(long to, ShareGrant grant) {
            send(to, true, node -> node.shared.granted(grant, nowNanos));
        }

        @Override
        public void poke(long to, SharePoke poke) {
            send(to, true, node -> node.shared.poked(poke, nowNanos));
        }

        @Override
        public void answered(long to, long of, List<AnsweredCall> news) {
            if (!isNewsLost()) {
                deliver(to, this, news, node -> node.shared.answered(of, news, nowNanos));
            }
        }

        @Override
        public void known(long to, List<Long> keys) {
            long self = number;
            send(to, false, node -> node.shared.known(self, keys));
        }

        @Override
        public void ended(long to, List<Long> keys) {
            if (!isNewsLost()) {
                send(to, false, node -> node.shared.ended(keys));
            }
        }

        @Override
        public void compare(long to, CallDigests digests) {
            send(to, true, node -> node.shared.compared(digests, nowNanos));
        }

        private boolean isNewsLost() {
            return losingNews && random.nextInt(10) == 0;
        }

        void callAtItsRate() {
            if (callsPerSecond > 0) {
                call();
            }
            at(this, callsPerSecond == 0 ? TICK_MS : 1 + random.nextInt(2000 / callsPerSecond), this::callAtItsRate);
        }

        /** A node without a majority has its own part, which is another test. After a pause it takes no calls either. */
        void call() {
            List<CallLimits> wanted = List.of(limits.named(ID));
            if (remainingNanos() <= 0) {
                return;
            }
            NodeLimits.TakenPlaces places = limits.take(wanted, nowNanos);
            if (places.hold() != null) {
                begin(places.hold());
            } else if (places.mayWait()) {
                limits.await(places, () -> at(this, 0, this::call), nowNanos);
            } else {
                refused++;
            }
        }

        private void begin(CallHold hold) {
            long key = random.nextLong();
            placed++;
            open.put(key, this);
            mostOpen = Math.max(mostOpen, open.size());
            at(this, random.nextInt(longestSetupMs), () -> {
                if (open.containsKey(key) && (answersAll || random.nextInt(3) > 0)) {
                    telling.put(key, this);
                    hold.tell(key, () -> at(this, 0, () -> answer(key, hold)));
                } else {
                    open.remove(key);
                    hold.done();
                }
            });
        }

        private void answer(long key, CallHold hold) {
            telling.remove(key);
            if (open.containsKey(key)) {
                calls.put(key, hold);
                answered.add(key);
                hold.answered(key, LONGEST_MS);
                at(this, LONGEST_MS, () -> end(calls.remove(key)));
                at(null, random.nextInt(longestCallMs), () -> {
                    if (hangingUp) {
                        hangUp(key);
                    }
                });
            }
            hold.done();
        }
    }

    private final Random random;
    private final int limit;
    private final List<Node> nodes = new ArrayList<>();
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::atNanos).thenComparingLong(Event::number));
    /** The calls that the user agents have, and the nodes through which they began. */
    private final Map<Long, Node> open = new HashMap<>();

    private final Set<Long> answered = new HashSet<>();
    /** The calls whose answers wait until another node knows of them. */
    private final Map<Long, Node> telling = new HashMap<>();

    private long nowNanos = 1;
    private long eventNumber;
    private boolean losing;
    private boolean losingNews;
    private boolean losingByes;
    private boolean pausing;
    private boolean removing;
    private boolean rejoining;
    private boolean hangingUpAlongRoute;
    private boolean cutting;
    /** The two nodes between which nothing passes; empty for none. */
    private Set<Node> cut = Set.of();

    private boolean answersAll;
    private int longestSetupMs = 200;
    private int longestCallMs = 2000;
    private boolean hangingUp = true;
    private int mostOpen;
    private int placed;
    private int refused;

    SimulatedNodes(long seed, int limit) {
        this(seed, limit, 0);
    }

    SimulatedNodes(long seed, int limit, int perSecond) {
        random = new Random(seed);
        this.limit = limit;
        for (int rank = 0; rank < NODES; rank++) {
            nodes.add(new Node(rank, "maxcalls=" + limit + ";maxcps=" + perSecond));
        }
        List<Long> numbers = nodes.stream().map(node -> node.rank + 1L).toList();
        nodes.forEach(node -> {
            node.members = numbers;
            node.beginToRun(node.rank + 1L);
        });
    }

    /** All sessions of a node have numbers of one remainder. */
    private Node node(long number) {
        return nodes.get((int) ((number - 1) % NODES));
    }

    /** Runs on a node, after its pause if it is paused. {@code node}: null for the user agents. */
    private void at(Node node, long afterMs, Runnable action) {
        at(node, afterMs, null, List.of(), action);
    }

    private void at(Node node, long afterMs, Node sender, List<AnsweredCall> news, Runnable action) {
        int process = node == null ? 0 : node.process;
        events.add(new Event(nowNanos + afterMs * MS, eventNumber++, sender, news, () -> {
            if (node == null) {
                action.run();
            } else if (nowNanos < node.pausedUntilNanos && node.process == process) {
                at(node, (node.pausedUntilNanos - nowNanos) / MS + 1, sender, news, action);
            } else if (!node.dead && node.process == process) {
                action.run();
            }
        }));
    }

    void run(long ms) {
        long end = nowNanos + ms * MS;
        while (!events.isEmpty() && events.peek().atNanos <= end) {
            Event event = events.poll();
            nowNanos = event.atNanos;
            event.action.run();
        }
        nowNanos = end;
    }

    /** A BYE through any running node. */
    private void hangUp(long key) {
        if (!open.containsKey(key)) {
            return;
        }
        Node through = hangingUpAlongRoute ? open.get(key) : nodes.get(random.nextInt(NODES));
        if (hangingUpAlongRoute && nowNanos < through.pausedUntilNanos) {
            at(through, 0, () -> hangUp(key));
            return;
        } else if (through.dead || nowNanos < through.pausedUntilNanos) {
            at(null, 100, () -> hangUp(key));
            return;
        }
        open.remove(key);
        answered.remove(key);
        if (losingByes && random.nextInt(LOST_BYES) == 0) {
            return;
        }
        CallHold own = through.calls.remove(key);
        CallHold call = own == null ? through.limits.ofOtherNode(key) : own;
        call.ended();
    }

    void hangUpAll() {
        Set.copyOf(open.keySet()).forEach(this::hangUp);
    }

    /** All calls are answered, within 10 ms. */
    void answerAll() {
        answersAll = true;
        longestSetupMs = 10;
    }

    void callEverywhere(int perSecond) {
        nodes.forEach(node -> node.callsPerSecond = perSecond / NODES);
    }

    void callAt(int node, int perSecond) {
        nodes.get(node).callsPerSecond = perSecond;
    }

    void call(int node) {
        nodes.get(node).call();
    }

    void neverHangUp() {
        hangingUp = false;
    }

    void loseSomeOfTheSharing() {
        losing = true;
    }

    /** One message in ten about answered and ended calls. */
    void loseSomeNews() {
        losingNews = true;
    }

    /** The time from the answer to the BYE. */
    void callsLast(int longestMs) {
        longestCallMs = longestMs;
    }

    /** Some BYEs are lost with their senders, so that the calls count until their longest time. */
    void loseSomeByes() {
        losingByes = true;
    }

    /** Nodes that are paused for long are removed, and join again. */
    void removeSilentNodes() {
        removing = true;
    }

    /** The BYEs of a paused node's calls wait until it resumes. */
    void hangUpAlongRoute() {
        hangingUpAlongRoute = true;
    }

    /** When the node resumes, it takes a moment until it knows. All learn at different times that it has joined again. */
    private void remove(Node node) {
        List<Long> others = othersOf(node);
        long before = node.number;
        rejoining = true;
        at(null, REMOVAL_MS, () -> tellMembers(others, others, before));
        at(
                node,
                REMOVAL_MS,
                () -> at(node, random.nextInt(1000), () -> {
                    node.endSession();
                    at(node, random.nextInt(1000), () -> {
                        node.beginSession(node.number + NODES);
                        join(node, others, before);
                    });
                }));
    }

    private List<Long> othersOf(Node node) {
        return node.members.stream().filter(one -> one != node.number).toList();
    }

    private void tellMembers(List<Long> nodesToTell, List<Long> members, long gone) {
        nodesToTell.forEach(one -> at(node(one), random.nextInt(GOSSIP_MS), () -> {
            node(one).members = members;
            node(one).removed.add(gone);
        }));
    }

    private void join(Node node, List<Long> others, long before) {
        List<Long> all = new ArrayList<>(others);
        all.add(node.number);
        tellMembers(others, all, before);
        at(node, random.nextInt(GOSSIP_MS), () -> node.members = all);
        at(null, GOSSIP_MS, () -> rejoining = false);
    }

    /** The others remove it, and it joins again; meanwhile it runs, and two of the nodes do not hear each other. */
    void cutForLong(int one, int other) {
        cut = Set.of(nodes.get(one), nodes.get(other));
        remove(nodes.get(other));
        at(null, REMOVAL_MS + 500, () -> cut = Set.of());
    }

    /** For longer than the others need to remove the node. */
    void pauseForLong(int rank) {
        pause(rank, 2 * REMOVAL_MS);
    }

    /** It may have a lease for a moment: some nodes have not removed it yet when it asks them. */
    void pauseUntilRemoved(int rank) {
        pause(rank, REMOVAL_MS - 100 + random.nextInt(GOSSIP_MS));
    }

    private void pause(int rank, int pauseMs) {
        Node node = nodes.get(rank);
        node.pausedUntilNanos = nowNanos + pauseMs * MS;
        giveUpSetups(node);
        remove(node);
    }

    /** The others remove the node. The BYEs of its calls pass another one, and wait there if that one is paused. */
    void killForGood(int rank, int heir) {
        kill(rank);
        Node node = nodes.get(rank);
        open.replaceAll((key, through) -> through == node ? nodes.get(heir) : through);
        List<Long> others = othersOf(node);
        at(null, REMOVAL_MS, () -> tellMembers(others, others, node.number));
    }

    /** A node that was killed starts again. */
    void restart(int rank) {
        Node node = nodes.get(rank);
        List<Long> others = List.copyOf(nodes.get((rank + 1) % NODES).members);
        long before = node.number;
        node.startProcess();
        node.dead = false;
        node.beginToRun(before + NODES);
        join(node, others, before);
    }

    /** The link between two nodes at a time, for longer than a lease, but not for so long that one of them is removed. */
    void cutLinksSometimes() {
        cutting = true;
        at(null, random.nextInt(2000), () -> {
            Set<Node> two = new HashSet<>(nodes);
            two.remove(nodes.get(random.nextInt(NODES)));
            cut = cutting ? two : Set.of();
            at(null, 1700 + random.nextInt(800), () -> {
                cut = Set.of();
                if (cutting) {
                    cutLinksSometimes();
                }
            });
        });
    }

    void cutLinksNoMore() {
        cutting = false;
    }

    void pauseNoMore() {
        pausing = false;
    }

    /**
     * One node at a time, for less than a lease or longer. The callers give up what it is setting up: after a long pause
     * such calls would be answered beyond the limit.
     */
    void pauseSometimes() {
        pausing = true;
        Consumer<Runnable> later = action -> at(null, 500 + random.nextInt(3000), action);
        later.accept(new Runnable() {
            @Override
            public void run() {
                Predicate<Node> isPaused = node -> nowNanos < node.pausedUntilNanos;
                if (pausing && !rejoining && nodes.stream().noneMatch(isPaused)) {
                    Node node = nodes.get(random.nextInt(NODES));
                    int pauseMs = random.nextBoolean() ? random.nextInt(1000) : 1700 + random.nextInt(2300);
                    node.pausedUntilNanos = nowNanos + pauseMs * MS;
                    giveUpSetups(node);
                    if (removing && pauseMs > REMOVAL_MS + GOSSIP_MS) {
                        remove(node);
                    }
                }
                later.accept(this);
            }
        });
    }

    /**
     * The calls whose state the other nodes may not know after a death.
     *
     * @param told those that end, and that the others may know as answered
     * @param answered those that go on, and that the others may know as about to be answered only
     */
    record UnsureCalls(int told, int answered) {}

    /** Its news of answered calls are lost, the calls that it is setting up end, the others go on. */
    UnsureCalls kill(int rank) {
        Node node = nodes.get(rank);
        node.dead = true;
        Set<Long> lost = new HashSet<>();
        for (Event event : events) {
            if (event.sender == node) {
                event.news.forEach(call -> lost.add(call.key()));
            }
        }
        lost.retainAll(answered);
        events.removeIf(event -> event.sender == node);
        giveUpSetups(node);
        int told = (int) telling.values().stream().filter(one -> one == node).count();
        return new UnsureCalls(told, lost.size());
    }

    private void giveUpSetups(Node node) {
        open.entrySet().removeIf(call -> call.getValue() == node && !answered.contains(call.getKey()));
    }

    int limit() {
        return limit;
    }

    int open() {
        return open.size();
    }

    int mostOpen() {
        return mostOpen;
    }

    int placed() {
        return placed;
    }

    int refused() {
        return refused;
    }

    /** The answered calls of the others as each running node knows them. */
    List<Integer> elsewhere() {
        return nodes.stream()
                .filter(node -> !node.dead)
                .map(node -> node.limits.uses(nowNanos).get(0).elsewhere())
                .toList();
    }

    /** The calls of each running node. */
    List<Integer> used() {
        return nodes.stream()
                .filter(node -> !node.dead)
                .map(node -> node.limits.named(ID).used())
                .toList();
    }
}
