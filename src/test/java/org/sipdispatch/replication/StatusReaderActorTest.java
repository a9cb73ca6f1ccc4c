package org.sipdispatch.replication;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.cluster.ddata.typed.javadsl.Replicator;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sipdispatch.destination.Status;

class StatusReaderActorTest {
    private static final ReplicatedStatuses.Part PART = ReplicatedStatuses.part("a");
    private static final List<String> IDS = IntStream.range(0, 1000)
            .mapToObj(i -> "id" + i)
            .filter(id -> ReplicatedStatuses.part(id).equals(PART))
            .limit(3)
            .toList();
    private static final Status OLD = Samples.status(1, 0, false);
    private static final Status NEW = Samples.status(2, 0, true);

    private final ActorTestKit kit = ActorTestKit.create(ManualTime.config()
            .withFallback(ConfigFactory.parseString("akka.actor.provider = local"))
            .withFallback(ConfigFactory.load()));
    private final ManualTime time = ManualTime.get(kit.system());
    private final TestProbe<Replicator.Command> replicator = kit.createTestProbe();
    private final TestProbe<Status> receiver = kit.createTestProbe();
    private final ActorRef<StatusReaderActor.Command> reader = kit.spawn(StatusReaderActor.create(replicator.getRef()));

    @AfterEach
    void close() {
        kit.shutdownTestKit();
    }

    private void ask(int number) {
        reader.tell(new StatusReaderActor.ReadStatus(
                IDS.get(number), status -> receiver.getRef().tell(status == null ? OLD : status)));
    }

    @SuppressWarnings("unchecked")
    private Replicator.Get<Statuses> read() {
        return replicator.expectMessageClass(Replicator.Get.class, Duration.ofSeconds(10));
    }

    private static void answer(Replicator.Get<Statuses> get, Map<String, Status> statuses) {
        get.replyTo().tell(new Replicator.GetSuccess<>(get.key(), Statuses.of(statuses)));
    }

    @Test
    void oneReadServesAllThatWereAskedForBeforeItBeganAndNoOther() {
        ask(0);
        Replicator.Get<Statuses> first = read();
        ask(1);
        ask(2);
        replicator.expectNoMessage();

        answer(first, Map.of(IDS.get(0), NEW, IDS.get(1), OLD, IDS.get(2), OLD));

        assertThat(receiver.receiveMessage()).isEqualTo(NEW);
        receiver.expectNoMessage();
        time.timePasses(Duration.ofMillis(400));
        answer(read(), Map.of(IDS.get(1), NEW, IDS.get(2), NEW));
        assertThat(receiver.receiveSeveralMessages(2)).containsOnly(NEW);
        time.timePasses(Duration.ofMillis(400));
        replicator.expectNoMessage();
    }

    @Test
    void whoAsksAfterAPauseIsReadForAtOnce() {
        ask(0);
        answer(read(), Map.of(IDS.get(0), NEW));
        receiver.receiveMessage();
        time.timePasses(Duration.ofMillis(400));

        ask(1);

        answer(read(), Map.of());
        assertThat(receiver.receiveMessage()).isEqualTo(OLD);
    }

    private void failAsMajority(Replicator.Get<Statuses> get) {
        assertThat(get.consistency()).isInstanceOf(Replicator.ReadMajority.class);
        get.replyTo().tell(new Replicator.GetFailure<>(get.key()));
    }

    @Test
    void aNodeThatIsBusyForAMomentIsAskedAgain() {
        ask(0);
        failAsMajority(read());
        failAsMajority(read());

        answer(read(), Map.of(IDS.get(0), NEW));

        assertThat(receiver.receiveMessage()).isEqualTo(NEW);
    }

    @Test
    void whereTheOthersStaySilentWhatThisNodeKnowsCounts() {
        ask(0);
        failAsMajority(read());
        failAsMajority(read());
        failAsMajority(read());

        Replicator.Get<Statuses> own = read();

        assertThat(own.consistency()).isEqualTo(Replicator.readLocal());
        answer(own, Map.of(IDS.get(0), NEW));
        assertThat(receiver.receiveMessage()).isEqualTo(NEW);
    }
}
