package org.sipdispatch.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sipdispatch.membership.Supervision;

class NodeGuardianTest {
    private final ActorSystem<NodeGuardian.Spawn<?>> system = ActorSystem.create(
            NodeGuardian.create(),
            "guardian",
            ConfigFactory.parseString("akka { loglevel = OFF, actor.provider = local }")
                    .withFallback(ConfigFactory.load()));
    private final List<String> received = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        ActorTestKit.shutdown(system);
    }

    private Behavior<String> child() {
        return Behaviors.receiveMessage(message -> {
            if (message.equals("fault")) {
                throw new IllegalStateException("the fault of a test");
            }
            received.add(message);
            return Behaviors.same();
        });
    }

    @Test
    void itsChildrenAreUnderUser() {
        ActorRef<String> child = NodeGuardian.spawn(system, child(), "child", Props.empty());

        assertThat(child.path().toStringWithoutAddress()).isEqualTo("/user/child");
    }

    @Test
    void aChildThatThrowsGoesOn() {
        ActorRef<String> child = NodeGuardian.spawn(system, Supervision.resuming(child()), "child", Props.empty());

        child.tell("fault");
        child.tell("more");

        await().until(() -> received.contains("more"));
    }

    @Test
    void aChildThatStopsEndsTheSession() {
        ActorRef<String> child = NodeGuardian.spawn(system, child(), "child", Props.empty());

        child.tell("fault");

        await().until(() -> system.getWhenTerminated().toCompletableFuture().isDone());
    }
}
