package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.AbstractActor;
import akka.actor.ActorRef;
import akka.actor.ActorSystem;
import akka.actor.Props;
import akka.pattern.Patterns;
import akka.testkit.javadsl.TestKit;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ResumingSupervisorTest {
    /** Counts messages, and throws when told to. */
    private static final class Counting extends AbstractActor {
        private int count;

        @Override
        public Receive createReceive() {
            return receiveBuilder()
                    .matchEquals("fail", fail -> {
                        throw new UnsupportedOperationException("the fault of a test");
                    })
                    .matchEquals("count", next -> getSender().tell(++count, getSelf()))
                    .build();
        }
    }

    @Test
    void whatALaneHasOutlivesADefect() {
        ActorSystem system = OpenedLane.actorSystem();
        try {
            ActorRef lane = system.actorOf(Props.create(Counting.class, Counting::new));
            assertThat(count(lane)).isEqualTo(1);

            lane.tell("fail", ActorRef.noSender());

            assertThat(count(lane)).isEqualTo(2);
        } finally {
            system.terminate();
        }
    }

    /** Otherwise it would be retried again and again. */
    @Test
    void whatCannotBeginAtAllIsNotTriedAgain() {
        AtomicInteger begun = new AtomicInteger();
        ActorSystem system = OpenedLane.actorSystem();
        try {
            TestKit watcher = new TestKit(system);
            ActorRef never = system.actorOf(Props.create(Counting.class, () -> {
                begun.incrementAndGet();
                throw new IllegalStateException("the fault of a test");
            }));

            watcher.watch(never);

            watcher.expectTerminated(Duration.ofSeconds(20), never);
            assertThat(begun).hasValue(1);
        } finally {
            system.terminate();
        }
    }

    private static Object count(ActorRef lane) {
        return Patterns.ask(lane, "count", Duration.ofSeconds(20))
                .toCompletableFuture()
                .join();
    }
}
