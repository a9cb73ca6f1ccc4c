package org.sipdispatch.cluster;

import static org.awaitility.Awaitility.await;

import akka.actor.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.database.SeverableLink;

@Timeout(90)
class SystemTerminationTest {
    private static final String HOST = "127.0.0.1";
    private static final long LONGEST_SECONDS = 40;
    /** More than the kernel's buffers of a connection take. */
    private static final int MESSAGES = 2000;

    private static final String LONG_TEXT = "x".repeat(10_000);

    private static ActorSystem<String> start(String name, int port, int boundPort) {
        Config config =
                ConfigFactory.parseString("""
                akka {
                  actor { provider = remote, allow-java-serialization = on, warn-about-java-serializer-usage = off }
                  remote.artery {
                    transport = tcp, canonical { hostname = "%s", port = %d }, bind { hostname = "%1$s", port = %d }
                  }
                  coordinated-shutdown {
                    run-by-jvm-shutdown-hook = off, run-by-actor-system-terminate = off, exit-jvm = off
                  }
                }
                """.formatted(HOST, port, boundPort)).withFallback(ConfigFactory.load());
        return ActorSystem.create(Behaviors.ignore(), name, config);
    }

    @Test
    void aSystemTerminatesAlthoughAnotherNodeIsPaused() throws Exception {
        endsBesideAPausedNode(SystemTermination::start);
    }

    @Test
    void aSystemLeavesAlthoughAnotherNodeIsPaused() throws Exception {
        endsBesideAPausedNode(SystemTermination::leave);
    }

    /**
     * The links stand for a node that is paused: its kernel accepts some bytes and the end of a connection, but the node
     * reads nothing and closes nothing.
     */
    private static void endsBesideAPausedNode(Consumer<ActorSystem<?>> end) throws Exception {
        int bound = Ports.free(HOST);
        int own = Ports.free(HOST);
        try (SeverableLink toOther = new SeverableLink(bound);
                SeverableLink fromOther = new SeverableLink(own)) {
            ActorSystem<String> other = start("other", toOther.port(), bound);
            ActorSystem<String> system = start("ending", fromOther.port(), own);
            ActorRef remote = reached(system, "akka://other@" + HOST + ":" + toOther.port() + "/user");
            toOther.hang();
            fromOther.hang();
            for (int i = 0; i < MESSAGES; i++) {
                remote.tell(LONG_TEXT, ActorRef.noSender());
            }

            end.accept(system);

            system.getWhenTerminated().toCompletableFuture().get(LONGEST_SECONDS, TimeUnit.SECONDS);
            toOther.goOn();
            fromOther.goOn();
            other.terminate();
            other.getWhenTerminated().toCompletableFuture().get(LONGEST_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** The remote actor, once it has answered. */
    private static ActorRef reached(ActorSystem<String> system, String path) {
        return await().ignoreExceptions()
                .until(
                        () -> system.classicSystem()
                                .actorSelection(path)
                                .resolveOne(Duration.ofSeconds(3))
                                .toCompletableFuture()
                                .get(),
                        found -> true);
    }
}
