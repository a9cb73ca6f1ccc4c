package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.sipdispatch.agents.Ports;

/** A node that runs a rule file of {@code conf}, with other addresses for its socket and destinations. */
final class RuleFile implements AutoCloseable {
    private static final Path CONF = Path.of("conf").toAbsolutePath();

    final int port = Ports.next();
    private final NodeProcess node;

    private RuleFile(String file, String destinations) {
        node = NodeProcess.begin("""
                include file("%s")
                sip-dispatcher {
                  sockets.main = "udp:127.0.0.1:%d"
                  management.port = 0
                  partitions.default.%s
                }
                """.formatted(CONF.resolve(file + ".conf"), port, destinations), Map.of());
    }

    /**
     * Begins to start a node with destinations from the list of the same name.
     *
     * @param addresses the address for each one in the list
     * @param more rows in addition to those of the list
     */
    static RuleFile withList(String file, Map<String, String> addresses, String more) {
        Path list = written(file + ".list", addresses, more);
        return new RuleFile(file, "db_url = \"file:" + list + "\"");
    }

    /** The same, with destinations that the SQL script of the same name inserts into a table. */
    static RuleFile withScript(String file, Map<String, String> addresses) {
        return new RuleFile(file, "init_script = \"" + written(file + ".sql", addresses, "") + "\"");
    }

    private static Path written(String name, Map<String, String> addresses, String more) {
        try {
            String text = Files.readString(CONF.resolve(name));
            for (Map.Entry<String, String> address : addresses.entrySet()) {
                assertThat(text).contains(address.getKey());
                text = text.replace(address.getKey(), address.getValue());
            }
            Path folder = Files.createDirectories(Path.of("target", "e2e").toAbsolutePath());
            return Files.writeString(Files.createTempFile(folder, "rules", name), text + more);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    RuleFile awaitListening() {
        node.awaitListening();
        return this;
    }

    /** Runs a command of an operator on the node, and returns its output. */
    String command(String... words) {
        String[] arguments = new String[words.length + 2];
        System.arraycopy(words, 0, arguments, 0, words.length);
        arguments[words.length] = "--node";
        arguments[words.length + 1] = "http://127.0.0.1:" + node.managementPort();
        CommandLineRun run = CommandLineRun.inProcess(arguments);
        assertThat(run.status()).as(run.err()).isZero();
        return run.out();
    }

    @Override
    public void close() {
        node.close();
    }
}
