package org.sipdispatch.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sipdispatch.agents.Ports;
import org.slf4j.LoggerFactory;

class StoppedStartTest {
    @TempDir
    Path directory;

    @Test
    void aNodeThatIsStoppedWhileItStartsLeavesTheClusterAndNothingRunning() throws IOException {
        Files.writeString(directory.resolve("dispatcher.list"), "3 sip:127.0.0.1:5999\n");
        int port = Ports.next();
        Config config = ConfigFactory.parseString("""
            sockets.main = "udp:127.0.0.1:%d"
            partitions.default.db_url = "file:%s/dispatcher.list"
            rules = [ { select.set = 3 } ]
            management.port = %d
            journal.db_url = "jdbc:h2:mem:stopped;DATABASE_TO_UPPER=false"
            cluster { host = "127.0.0.1", port = %d }
            data-dir = "%s"
            """.formatted(Ports.next(), directory, Ports.next(), port, directory))
                .withFallback(ConfigFactory.load().getConfig("sip-dispatcher"));

        Path file = directory.resolve("sip-dispatcher.conf");
        Logger log = (Logger) LoggerFactory.getLogger(Node.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        log.setLevel(Level.INFO);
        log.addAppender(lines);
        try {
            assertThatThrownBy(() -> Node.start(config, file, CompletableFuture.completedFuture(null)))
                    .isInstanceOf(CancellationException.class);
        } finally {
            log.detachAppender(lines);
            log.setLevel(null);
        }

        assertThat(lines.list.get(0).getFormattedMessage())
                .startsWith("sip-dispatcher ")
                .endsWith(" starts with " + file + ", data in " + directory);
        try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThat(free.isBound()).isTrue();
        }
    }
}
