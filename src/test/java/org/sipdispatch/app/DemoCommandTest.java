package org.sipdispatch.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sipdispatch.agents.Ports;

/** The demonstration with another configuration. */
@Timeout(120)
class DemoCommandTest {
    @TempDir
    private Path directory;

    private ProgramRun demo(String socket, String destination) throws IOException {
        Path list = Files.writeString(
                directory.resolve("my.list"), "1 sip:127.0.0.1:" + Ports.next() + "\n1 " + destination);
        Path config = Files.writeString(
                directory.resolve("my.conf"), """
                sip-dispatcher {
                  data-dir = "%s"
                  sockets.main = "%s"
                  partitions.default.db_url = "file:%s"
                  rules = [ { select { set = 1, alg = 4 } } ]
                  cluster.port = %d
                  management.port = %d
                }
                """.formatted(directory, socket, list, Ports.next(), Ports.next()));
        return ProgramRun.of("demo", "-n", "2", "-c", config.toString());
    }

    @Test
    void itsCallsGoThroughTheConfiguredSocketToTheConfiguredDestinations() throws IOException {
        ProgramRun run = demo("udp:127.0.0.1:" + Ports.next(), "sip:127.0.0.1:" + Ports.next());

        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isZero();
    }

    @Test
    void itIsRefusedForDestinationsElsewhere() throws IOException {
        ProgramRun run = demo("udp:127.0.0.1:" + Ports.next(), "sip:192.0.2.1");

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("demo: default:1:sip:192.0.2.1 (expected: ")
                .hasLineCount(1);
    }

    @Test
    void itIsRefusedForASocketElsewhere() throws IOException {
        ProgramRun run = demo("tcp:127.0.0.1:" + Ports.next(), "sip:127.0.0.1:5080");

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("sockets: tcp:127.0.0.1:")
                .contains("-c names a configuration")
                .hasLineCount(1);
    }
}
