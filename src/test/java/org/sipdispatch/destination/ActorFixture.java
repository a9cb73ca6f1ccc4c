package org.sipdispatch.destination;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.pattern.StatusReply;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.awaitility.Awaitility;

/** The actor of one destination with hand-written dependencies and a clock that the test advances. */
final class ActorFixture implements AutoCloseable {
    static final long START = 1_700_000_000_000L;

    /** A pending ping; {@code pausesSinceCheck}: how often the process was paused after it was checked. */
    record Sent(Ping ping, long pausesSinceCheck, long atMs, Consumer<PingResult> then) {}

    final ActorTestKit kit = ActorTestKit.create(ManualTime.config().withFallback(ConfigFactory.load()));
    final ManualTime time = ManualTime.get(kit.system());
    final AtomicLong now = new AtomicLong(START);
    final List<Sent> pings = new CopyOnWriteArrayList<>();
    final List<Consumer<PeerProbeResult>> asked = new CopyOnWriteArrayList<>();
    /** The pending searches for targets. */
    final List<Consumer<FoundTargets>> searches = new CopyOnWriteArrayList<>();

    final List<Status> published = new CopyOnWriteArrayList<>();
    final List<DestinationEvent> events = new CopyOnWriteArrayList<>();
    final List<Consumer<Status>> pendingReads = new CopyOnWriteArrayList<>();
    final TestProbe<DestinationActor.Report> reports = kit.createTestProbe();
    final TestProbe<StatusReply<Status>> replies = kit.createTestProbe();
    final TestProbe<StatusReply<DestinationActor.Probed>> probed = kit.createTestProbe();
    volatile PingResult always;
    /** The result of each ping; null for {@link #always}. */
    volatile Function<Ping, PingResult> answers;

    final List<String> targetChanges = new CopyOnWriteArrayList<>();
    /** The targets that other nodes were asked to ping; empty for the destination. */
    final List<String> askedFor = new CopyOnWriteArrayList<>();

    volatile int others;
    volatile Status replicated;
    volatile Status remembered;
    volatile boolean replicatorAnswers = true;
    volatile boolean replicatorConfirms = true;
    /** Whether the node is alone in its cluster. */
    volatile boolean alone;

    final List<Runnable> unconfirmed = new CopyOnWriteArrayList<>();
    final AtomicLong localReads = new AtomicLong();
    private final AtomicLong newestReads = new AtomicLong();
    final AtomicLong clockAsked = new AtomicLong();
    /** The number of a node that is not a member of the cluster. */
    volatile long dead = 99;

    final FakeMembership membership = new FakeMembership();
    /** The newest version that the node knows; null for the published one. */
    volatile StatusVersion newest;

    Function<String, Behavior<DestinationJournal.Command>> journal;
    /** Null: the journal is opened to read it. */
    ActorRef<JournalHeadsActor.Command> heads;

    ActorRef<DestinationActor.Command> actor;

    /** Starts an actor with these settings and defines its destination. */
    ActorFixture start(String settings, DestinationState initial) {
        spawn(settings);
        define(initial, 1);
        return this;
    }

    void spawn(String settings) {
        DestinationActor.Setup setup = new DestinationActor.Setup(
                ProbeSettingsTest.settings(settings),
                this::ping,
                this::ask,
                (destination, then) -> searches.add(then),
                new FakeReplicator(),
                new RecordingListener(),
                journal,
                heads,
                "here",
                7,
                membership,
                number -> number != dead,
                this::nowMs);
        long before = newestReads.get();
        actor = kit.spawn(LoadingDestinationActor.create(setup, Samples.DESTINATION.id()));
        // The actor reads the replicated status after setting its timers; if time advanced earlier, they would miss it.
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(1))
                .until(() -> newestReads.get() > before);
    }

    private final class RecordingListener implements DestinationListener {
        @Override
        public void onChange(DestinationEvent event) {
            events.add(event);
        }

        @Override
        public void onTarget(String destination, Targets.Change change) {
            targetChanges.add(change.text() + ", by " + change.who());
        }
    }

    private long nowMs() {
        clockAsked.incrementAndGet();
        return now.get();
    }

    private final class FakeReplicator implements StatusReplicator {
        @Override
        public void publish(String id, Status status) {
            published.add(status);
            replicated = status;
        }

        @Override
        public void publish(String id, Status status, Runnable known) {
            publish(id, status);
            if (replicatorConfirms) {
                known.run();
            } else {
                unconfirmed.add(known);
            }
        }

        @Override
        public boolean isAlone() {
            return alone;
        }

        @Override
        public StatusVersion newestVersion(String id) {
            return newest;
        }

        @Override
        public Status lastKnown(String id) {
            return remembered;
        }

        @Override
        public void findLocal(String id, Consumer<Status> then) {
            localReads.incrementAndGet();
            findNewest(id, then);
        }

        @Override
        public void findNewest(String id, Consumer<Status> then) {
            newestReads.incrementAndGet();
            if (replicatorAnswers) {
                then.accept(replicated);
            } else {
                pendingReads.add(then);
            }
        }
    }

    private void ping(Ping ping, long pauses, Consumer<PingResult> then) {
        pings.add(new Sent(ping, membership.pauses.get() - pauses, now.get(), then));
        PingResult result = answers == null ? always : answers.apply(ping);
        if (result != null) {
            then.accept(result);
        }
    }

    private int ask(int most, Ping ping, Consumer<PeerProbeResult> then) {
        int number = Math.min(most, others);
        for (int i = 0; i < number; i++) {
            askedFor.add(ping.target());
            asked.add(then);
        }
        return number;
    }

    void define(DestinationState initial, long revision) {
        actor.tell(new DestinationActor.Define(Samples.definition(initial, revision)));
    }

    void end(PingResult result) {
        pings.get(pings.size() - 1).then().accept(result);
    }

    void opinion(int question, PingResult result) {
        asked.get(question).accept(new PeerProbeResult("other" + question, result, now.get()));
    }

    /** Advances the clock from ping to ping; timers that expire are handled in between. */
    void pass(long ms) {
        long end = now.get() + ms;
        while (now.get() < end) {
            long due = report().nextPingAtMs();
            step((due > now.get() ? Math.min(due, end) : end) - now.get());
            report();
        }
    }

    /** Advances the clock in one step. Akka waits 100 ms of real time for each step. */
    void step(long ms) {
        now.addAndGet(ms);
        time.timePasses(Duration.ofMillis(ms));
    }

    DestinationActor.Report report() {
        actor.tell(new DestinationActor.GetReport(reports.getRef()));
        return reports.receiveMessage(Duration.ofSeconds(10));
    }

    Status status() {
        return report().status();
    }

    StatusReply<Status> set(DestinationState state) {
        actor.tell(new DestinationActor.SetState(state, "alice", "said so", replies.getRef()));
        return replies.receiveMessage();
    }

    void observe(Observation seen, String node) {
        actor.tell(new DestinationActor.Observe(seen, node));
    }

    List<String> transitions() {
        List<String> texts = new ArrayList<>();
        report();
        events.forEach(e -> texts.add(e.from() + ">" + e.to() + (e.toBusy() ? "+busy " : " ") + e.who()));
        return texts;
    }

    @Override
    public void close() {
        kit.shutdownTestKit();
    }
}
