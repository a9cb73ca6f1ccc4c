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
    /** One BYE in so many. */
    private static final int LOST_BYES = 2000;

    private static final String ID = "default:1:sip:10.0.0.1";

    /** {@code sender}: the node with which it is lost; null for none. {@code news}: the calls that it tells of. */
    private record Event(long atNanos, long number, Node sender, List<AnsweredCall> news, Runnable action) {}

    private final class Node implements SharedLimits.Membership, SharedLimits.Messenger {
        private final long number;
        private final NodeLimits limits;
        private final SharedLimits shared;
        private final Map<Long, Long> answers = new HashMap<>();
        private final Map<Long, Long> promises = new HashMap<>();
        private final Map<Long, CallHold> calls = new HashMap<>();
        private boolean dead;
        private long pausedUntilNanos = nowNanos;
        private int callsPerSecond;

        Node(int rank, String attrs) {
            number = rank + 1L;
            limits = NodeLimits.ofCluster(LimitSettings.NONE, NODES, rank, nowNanos);
            Destination destination = new Destination("default", 1, "sip:10.0.0.1", null, 1, 0, attrs, "");
            SetView.SetMember member = new SetView.SetMember(destination, true);
            limits.replace(List.of(SetView.of(new SetId("default", 1), List.of(member))), nowNanos);
            shared = new SharedLimits(limits, number, this, this);
            limits.whenWaiting(() -> at(this, 0, () -> shared.waiting(nowNanos)));
            limits.whenEndedElsewhere(key -> end(calls.remove(key)));
            limits.news().passTo(new CallNews.Receiver() {
                @Override
                public void told(AnsweredCall call, Runnable known) {
                    shared.ownTold(call, known, nowNanos);
                }

                @Override
                public void answered(AnsweredCall call) {
                    shared.ownAnswered(call, nowNanos);
                }

                @Override
                public void ended(long key) {
                    shared.ownEnded(key);
                }
            });
        }

        private void end(CallHold call) {
            if (call != null) {
                call.ended();
            }
        }

        void tick() {
            shared.tick(nowNanos);
            at(this, TICK_MS, this::tick);
        }

        void ask() {
            long asked = nowNanos;
            for (Node peer : nodes) {
                if (peer != this) {
                    send(peer, false, () -> {
                        peer.promises.put(number, nowNanos);
                        peer.send(this, false, () -> answers.merge(peer.number, asked, Math::max));
                    });
                }
            }
            at(this, QUESTION_MS, this::ask);
        }

        void send(Node to, boolean mayBeLost, Runnable delivery) {
            if (!mayBeLost || !losing || random.nextInt(10) > 0) {
                at(to, random.nextInt(20), delivery);
            }
        }

        private Set<Long> since(Map<Long, Long> times) {
            Set<Long> lately = new HashSet<>(times.keySet());
            lately.removeIf(node -> nowNanos - times.get(node) >= LENGTH_NANOS);
            return lately;
        }

        @Override
        public List<Long> voters() {
            return nodes.stream().map(node -> node.number).toList();
        }

        @Override
        public Set<Long> present() {
            return new LinkedHashSet<>(voters());
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
        public long remainingNanos() {
            return answers.values().stream()
                    .mapToLong(asked -> asked + LENGTH_NANOS - nowNanos)
                    .max()
                    .orElse(0);
        }

        @Override
        public void report(long to, ShareReport report) {
            send(node(to), true, () -> node(to).shared.reported(report, nowNanos));
        }

        @Override
        public void grant(long to, ShareGrant grant) {
            send(node(to), true, () -> node(to).shared.granted(grant, nowNanos));
        }

        @Override
        public void poke(long to, SharePoke poke) {
            send(node(to), true, () -> node(to).shared.poked(poke, nowNanos));
        }

        @Override
        public void answered(long to, long of, List<AnsweredCall> news) {
            at(node(to), random.nextInt(20), this, news, () -> node(to).shared.answered(of, news, nowNanos));
        }

        @Override
        public void known(long to, List<Long> keys) {
            send(node(to), false, () -> node(to).shared.known(number, keys));
        }

        @Override
        public void ended(long to, List<Long> keys) {
            send(node(to), false, () -> node(to).shared.ended(keys));
        }

        void callAtItsRate() {
            if (callsPerSecond > 0) {
                call();
            }
            at(this, callsPerSecond == 0 ? TICK_MS : 1 + random.nextInt(2000 / callsPerSecond), this::callAtItsRate);
        }

        /** A node without a majority has its own part, which is another test. */
        void call() {
            List<CallLimits> wanted = List.of(limits.named(ID));
            if (limits.hasOwnPart(nowNanos)) {
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
                at(null, random.nextInt(2000), () -> {
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
    private boolean losingByes;
    private boolean pausing;
    private boolean answersAll;
    private int longestSetupMs = 200;
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
        nodes.forEach(node -> {
            node.tick();
            node.ask();
            node.callAtItsRate();
        });
    }

    private Node node(long number) {
        return nodes.get((int) number - 1);
    }

    /** Runs on a node, after its pause if it is paused. {@code node}: null for the user agents. */
    private void at(Node node, long afterMs, Runnable action) {
        at(node, afterMs, null, List.of(), action);
    }

    private void at(Node node, long afterMs, Node sender, List<AnsweredCall> news, Runnable action) {
        events.add(new Event(nowNanos + afterMs * MS, eventNumber++, sender, news, () -> {
            if (node == null) {
                action.run();
            } else if (nowNanos < node.pausedUntilNanos) {
                at(node, (node.pausedUntilNanos - nowNanos) / MS + 1, sender, news, action);
            } else if (!node.dead) {
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
        Node through = nodes.get(random.nextInt(NODES));
        if (through.dead || nowNanos < through.pausedUntilNanos) {
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

    /** Some BYEs are lost with their senders, so that the calls count until their longest time. */
    void loseSomeByes() {
        losingByes = true;
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
                if (pausing && nodes.stream().noneMatch(isPaused)) {
                    Node node = nodes.get(random.nextInt(NODES));
                    int pauseMs = random.nextBoolean() ? random.nextInt(1000) : 1700 + random.nextInt(2300);
                    node.pausedUntilNanos = nowNanos + pauseMs * MS;
                    giveUpSetups(node);
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

    /** The calls of each running node. */
    List<Integer> used() {
        return nodes.stream()
                .filter(node -> !node.dead)
                .map(node -> node.limits.named(ID).used())
                .toList();
    }
}
