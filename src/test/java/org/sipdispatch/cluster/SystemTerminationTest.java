package org.sipdispatch.cluster;

import static org.awaitility.Awaitility.await;

import akka.actor.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.database.SeverableLink;

@Timeout(90)
class SystemTerminationTest {
    private static final String HOST = "127.0.0.1";

    private static ActorSystem<String> start(String name, int port, int boundPort) {
        Config config =
                ConfigFactory.parseString("""
                akka {
                  actor { provider = remote, allow-java-serialization = on, warn-about-java-serializer-usage = off }
                  remote.artery {
                    transport = tcp, canonical { hostname = "%s", port = %d }, bind { hostname = "%1$s", port = %d }
                  }
                  coordinated-shutdown { run-by-jvm-shutdown-hook = off, exit-jvm = off }
                }
                """.formatted(HOST, port, boundPort)).withFallback(ConfigFactory.load());
        return ActorSystem.create(Behaviors.ignore(), name, config);
    }

    /** The link stands for a node that is paused: its kernel accepts bytes, and nobody reads or closes the connection. */
    @Test
    void aSystemTerminatesAlthoughAnotherNodeIsPaused() throws Exception {
        int bound = Ports.free(HOST);
        try (SeverableLink link = new SeverableLink(bound)) {
            ActorSystem<String> other = start("other", link.port(), bound);
            int own = Ports.free(HOST);
            ActorSystem<String> system = start("ending", own, own);
            var path = "akka://other@" + HOST + ":" + link.port() + "/user";
            ActorRef remote = await().ignoreExceptions()
                    .until(
                            () -> system.classicSystem()
                                    .actorSelection(path)
                                    .resolveOne(Duration.ofSeconds(3))
                                    .toCompletableFuture()
                                    .get(),
                            found -> true);
            link.hang();
            remote.tell("a message", ActorRef.noSender());

            SystemTermination.start(system);

            system.getWhenTerminated().toCompletableFuture().get(40, TimeUnit.SECONDS);
            link.goOn();
            other.terminate();
            other.getWhenTerminated().toCompletableFuture().get(40, TimeUnit.SECONDS);
        }
    }
}
