package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sipdispatch.agents.Ports;

/** Only the node's user can read its files: anyone who can read the journal can open it. */
class PrivateFilesTest {
    /** Runs a command with a umask that leaves all permissions to all users. */
    private static final List<String> OPEN_TO_ALL = List.of("sh", "-c", "umask 000; exec \"$@\"", "sh");

    @TempDir
    Path above;

    @Test
    void othersMayReadNothingOfANodesFilesWhateverTheUmask() throws IOException {
        Path data = above.resolve("data");
        try (NodeProcess node = NodeProcess.begin(
                OPEN_TO_ALL,
                """
                data-dir = "%s"
                sockets.main = "udp:127.0.0.1:%d"
                cluster.port = %d
                partitions.default { db_url = "jdbc:h2:file:%s/dispatcher", init_script = "%s" }
                rules = [ { select { set = 1 } } ]
                """.formatted(
                                data,
                                Ports.next(),
                                Ports.next(),
                                data,
                                Path.of("conf", "sample.sql").toAbsolutePath()),
                "")) {
            node.awaitListening();
            assertThat(node.log()).doesNotContain("others");
        }

        Map<String, String> rights = new TreeMap<>();
        try (Stream<Path> files = Files.list(data)) {
            for (Path file : files.toList()) {
                rights.put(
                        file.getFileName().toString().replaceAll("[0-9.]+[_-][0-9]+", "X"),
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            }
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
                .isEqualTo("rwx------");
        assertThat(rights).containsKeys("dispatcher.mv.db", "journal.mv.db", "last-known-X.txt", "relay-secret");
        assertThat(rights.values()).containsOnly("rw-------");
    }
}
