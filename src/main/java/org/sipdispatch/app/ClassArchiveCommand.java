package org.sipdispatch.app;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.sipdispatch.catalog.Catalog;
import org.sipdispatch.demo.Demo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Loads the classes that a node needs. The start script runs it with {@code -XX:ArchiveClassesAtExit}, so that Java writes
 * them to an archive, which later processes map in place of loading the classes. Commands that ask a node run with few jars
 * and have an archive of their own: if the script names a file for it, the list of their classes is written there.
 */
@Command(
        name = "class-archive",
        description =
                "Writes the loaded classes of a node, and those of commands, to the directory lib. With these"
                        + " archives a node starts in about 0.6 of the time. Needed again after an update of Java or of the program.",
        mixinStandardHelpOptions = true)
final class ClassArchiveCommand implements Callable<Integer> {
    /** Has all keys that the defaults take from the environment: that of a cluster's node would make this one join it. */
    private static final String CONFIGURATION = """
            sip-dispatcher {
              data-dir = "%s"
              management { host = 127.0.0.1, port = %d }
              sockets { main = "udp:127.0.0.1:%d" }
              cluster {
                host = 127.0.0.1, port = 0, bind-host = "", seed-nodes = [], bootstrap = off, tls = "", insecure = no
              }
              relay.secret = ""
              # On a busy host the first answer of a database takes long.
              journal { db_url = "jdbc:h2:mem:class-archive-journal", connect_timeout = 1m }
              partitions.default { db_url = "jdbc:h2:mem:class-archive", init_script = "%s", connect_timeout = 1m }
              rules = [ { select { set = "1", alg = "4" } } ]
            }
            """;

    private static final String ROWS = """
            INSERT INTO dispatcher (setid, destination, probe_mode) VALUES (1, 'sip:127.0.0.1:%d', 1);
            INSERT INTO dispatcher (setid, destination, probe_mode) VALUES (1, 'sip:127.0.0.1:%d', 1);
            """;

    /** A system property with the class path of commands that ask a node. */
    private static final String COMMANDS_CLASS_PATH = "commands.class-path";

    /** A system property with the file for the list of their classes. */
    private static final String COMMANDS_CLASS_LIST = "commands.class-list";

    private static final int CALLS = 4;

    /** The start script obeys it, and does not start this program. */
    @Option(names = "--if-missing", description = "Do nothing if this Java has archives of this program already.")
    private boolean ifMissing;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("sip-dispatcher");
        try {
            return run(directory);
        } finally {
            delete(directory);
        }
    }

    private static int run(Path directory) throws IOException, InterruptedException {
        InetAddress host = InetAddress.getByName("127.0.0.1");
        int management = freeTcpPort(host);
        List<InetSocketAddress> addresses = freeUdpAddresses(host);
        String gateway = "sip:127.0.0.1:" + addresses.get(1).getPort();
        Path table = Files.writeString(
                directory.resolve("table.sql"),
                tables()
                        + ROWS.formatted(
                                addresses.get(1).getPort(), addresses.get(2).getPort()));
        Path file = Files.writeString(
                directory.resolve("node.conf"),
                CONFIGURATION.formatted(
                        directory.resolve("data"), management, addresses.get(0).getPort(), table));
        Path home = ConfigOptions.home();
        clearSettings();
        Node node = Node.start(ConfigFile.read(file, home));
        try (Demo demo = Demo.start(addresses.get(0), addresses.subList(1, addresses.size()))) {
            demo.placeCalls(CALLS, new PrintStream(OutputStream.nullOutputStream()));
            rehearseCommands("http://127.0.0.1:" + management, gateway);
            return 0;
        } finally {
            node.close();
        }
    }

    /** Removes the settings among the system properties, such as those of JAVA_OPTS: they would override the file. */
    private static void clearSettings() {
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith(ConfigFile.ROOT + "."))
                .forEach(System::clearProperty);
        ConfigFactory.invalidateCaches();
    }

    /** The script that creates the tables in H2. */
    private static String tables() throws IOException {
        try (InputStream script = Catalog.class.getResourceAsStream("h2.sql")) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Runs the commands in a process of their own, which has their class path. */
    private static void rehearseCommands(String node, String gateway) throws IOException, InterruptedException {
        String classPath = System.getProperty(COMMANDS_CLASS_PATH);
        if (classPath == null) {
            return;
        }
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:DumpLoadedClassList=" + System.getProperty(COMMANDS_CLASS_LIST),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        classPath,
                        CommandRehearsal.class.getName(),
                        node,
                        gateway)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            int status = process.waitFor();
            if (status != 0) {
                throw new IllegalStateException("the commands ended with status " + status);
            }
        } finally {
            process.destroyForcibly();
        }
    }

    private static int freeTcpPort(InetAddress host) throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, host)) {
            return socket.getLocalPort();
        }
    }

    /** Addresses for the node and two gateways. */
    private static List<InetSocketAddress> freeUdpAddresses(InetAddress host) throws IOException {
        try (DatagramSocket node = new DatagramSocket(0, host);
                DatagramSocket first = new DatagramSocket(0, host);
                DatagramSocket second = new DatagramSocket(0, host)) {
            return Stream.of(node, first, second)
                    .map(socket -> new InetSocketAddress(host, socket.getLocalPort()))
                    .toList();
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
