package org.sipdispatch.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.AbstractActor;
import akka.actor.ActorRef;
import akka.actor.ExtendedActorSystem;
import akka.actor.Props;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.javadsl.Adapter;
import akka.cluster.ddata.DistributedData;
import akka.cluster.ddata.GSet;
import akka.cluster.ddata.GSetKey;
import akka.cluster.ddata.Key;
import akka.cluster.ddata.Replicator;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReplicatorMailboxTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Key<GSet<String>> KEY = GSetKey.create("key");
    private static final Object CHANGE =
            new Replicator.Update<>(KEY, GSet.<String>empty(), Replicator.writeLocal(), known -> known.add("a"));
    private static final String END = "the last message of a test";

    private final BlockingQueue<Object> received = new LinkedBlockingQueue<>();
    private ActorTestKit kit;

    @AfterEach
    void close() {
        kit.shutdownTestKit();
    }

    private static Config clusterSystem(String more) {
        return ConfigFactory.parseString("akka { loglevel = OFF, cluster.jmx.enabled = off, "
                        + "remote.artery.canonical { hostname = 127.0.0.1, port = 0 } }\n" + more)
                .withFallback(ConfigFactory.load().getConfig("sip-dispatcher.cluster-system"));
    }

    private ManualTime startWithManualTime() {
        kit = ActorTestKit.create(
                "mailbox", ManualTime.config().withFallback(clusterSystem("akka.actor.provider = local")));
        return ManualTime.get(kit.system());
    }

    /** Starts an actor of these properties, without a name, and tells its address; records all other messages. */
    private static final class Recorder extends AbstractActor {
        private final BlockingQueue<Object> received;

        Recorder(BlockingQueue<Object> received) {
            this.received = received;
        }

        @Override
        public Receive createReceive() {
            return receiveBuilder()
                    .match(Props.class, child -> received.add(getContext().actorOf(child)))
                    .matchAny(received::add)
                    .build();
        }
    }

    private Props recorder() {
        return Props.create(Recorder.class, () -> new Recorder(received)).withDispatcher("replicators");
    }

    /** An actor with the mailbox of a replicator. */
    private ActorRef named() {
        ExtendedActorSystem system = (ExtendedActorSystem) Adapter.toClassic(kit.system());
        return system.systemActorOf(recorder(), "replicator");
    }

    /** As those that carry out one read or write. */
    private ActorRef childOf(ActorRef parent) throws InterruptedException {
        tell(parent, recorder());
        return (ActorRef) received.poll(LONG.toSeconds(), TimeUnit.SECONDS);
    }

    private void tell(ActorRef actor, Object message) {
        actor.tell(message, ActorRef.noSender());
    }

    private void expect(Object... messages) throws InterruptedException {
        for (Object message : messages) {
            assertThat(received.poll(LONG.toSeconds(), TimeUnit.SECONDS)).isEqualTo(message);
        }
    }

    @Test
    void severalChangesAreNotifiedOnceAndLaterOnesAgain() throws InterruptedException {
        ManualTime time = startWithManualTime();
        ActorRef replicator = named();
        tell(replicator, CHANGE);
        time.timePasses(Duration.ofMillis(30));
        tell(replicator, CHANGE);
        time.timePasses(Duration.ofMillis(19));
        expect(CHANGE, CHANGE);
        assertThat(received).isEmpty();

        time.timePasses(Duration.ofMillis(1));
        expect(Replicator.flushChanges());

        time.timePasses(LONG);
        tell(replicator, CHANGE);
        time.timePasses(Duration.ofMillis(50));
        expect(CHANGE, Replicator.flushChanges());
    }

    @Test
    void aSubscriberLearnsWhatIsKnownAtOnce() throws InterruptedException {
        ManualTime time = startWithManualTime();
        Object subscription = new Replicator.Subscribe<>(KEY, ActorRef.noSender());
        tell(named(), subscription);

        time.timePasses(Duration.ofMillis(50));

        expect(subscription, Replicator.flushChanges());
    }

    @Test
    void readingNotifiesNoOneNorDoesAWriteInProgress() throws InterruptedException {
        ManualTime time = startWithManualTime();
        ActorRef replicator = named();
        Object read = new Replicator.Get<>(KEY, Replicator.readLocal());
        ActorRef write = childOf(replicator);
        tell(replicator, read);
        expect(read);
        tell(write, CHANGE);
        expect(CHANGE);

        time.timePasses(LONG);
        tell(replicator, END);
        expect(END);
        tell(write, END);
        expect(END);
    }

    /** The interval of the replicator itself is longer than the test. */
    @Test
    void theReplicatorTellsSubscribersOfAChangeWithoutItsInterval() {
        kit = ActorTestKit.create(
                "mailbox", clusterSystem("akka.cluster.distributed-data.notify-subscribers-interval = 1h"));
        ActorRef replicator =
                DistributedData.get(Adapter.toClassic(kit.system())).replicator();
        TestProbe<Object> subscriber = kit.createTestProbe();
        add(replicator, "a");

        tell(replicator, new Replicator.Subscribe<>(KEY, Adapter.toClassic(subscriber.getRef())));
        assertThat(told(subscriber)).containsExactly("a");
        add(replicator, "b");

        assertThat(told(subscriber)).containsExactlyInAnyOrder("a", "b");
    }

    private void add(ActorRef replicator, String element) {
        tell(
                replicator,
                new Replicator.Update<>(
                        KEY, GSet.<String>empty(), Replicator.writeLocal(), known -> known.add(element)));
    }

    private static Set<String> told(TestProbe<Object> subscriber) {
        Object message = subscriber.receiveMessage(LONG);
        assertThat(message).isInstanceOf(Replicator.Changed.class);
        return ((Replicator.Changed<?>) message).get(KEY).getElements();
    }
}
