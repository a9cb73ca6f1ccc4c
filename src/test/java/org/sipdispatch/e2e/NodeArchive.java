package org.sipdispatch.e2e;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sipdispatch.agents.Ports;

/**
 * A class data sharing archive of the program. It halves the start time of a node, and these tests start more than a
 * hundred. A node that is started, answers its operators and is stopped creates it, once for all processes of a test run.
 */
public final class NodeArchive {
    private static final Path HOME = Path.of("target", "e2e").toAbsolutePath();
    private static final Path CLASSES = Path.of("target", "classes").toAbsolutePath();
    private static final Path JAR = HOME.resolve("classes.jar");
    private static final Path ARCHIVE = HOME.resolve("classes.jsa");
    /** Suppresses the virtual machine's list of classes that it cannot archive. */
    private static final String QUIET = "-Xlog:disable";

    private static final String CLASS_PATH = classPath();
    private static final boolean MADE = isMade();

    private NodeArchive() {}

    /** The class path of a node, and the archive. */
    public static List<String> options() {
        return MADE
                ? List.of("-XX:SharedArchiveFile=" + ARCHIVE, QUIET, "-cp", CLASS_PATH)
                : List.of("-cp", CLASS_PATH);
    }

    private static boolean isMade() {
        try {
            Files.createDirectories(HOME);
            try (FileChannel lock = FileChannel.open(HOME.resolve("lock"), CREATE, WRITE);
                    FileLock held = lock.lock()) {
                if (!held.isValid() || !isFresh()) {
                    jar();
                    make();
                }
                return Files.exists(ARCHIVE);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isFresh() throws IOException {
        if (!Files.exists(ARCHIVE)) {
            return false;
        }
        FileTime made = Files.getLastModifiedTime(ARCHIVE);
        try (Stream<Path> classes = Files.walk(CLASSES)) {
            for (Path one : classes.toList()) {
                if (Files.getLastModifiedTime(one).compareTo(made) > 0) {
                    return false;
                }
            }
        }
        return true;
    }

    private static void make() throws IOException {
        Files.deleteIfExists(ARCHIVE);
        List<String> options = List.of("-XX:ArchiveClassesAtExit=" + ARCHIVE, QUIET, "-cp", CLASS_PATH);
        int management = Ports.next();
        try (NodeProcess node = NodeProcess.begin(options, """
                sip-dispatcher {
                  management.port = %d
                  sockets { main = "udp:127.0.0.1:%d" }
                  cluster { host = 127.0.0.1, port = %d }
                  journal.db_url = "jdbc:h2:mem:journal"
                  partitions.default { db_url = "jdbc:h2:mem:sets", init_script = "%s", connect_timeout = 1m }
                  rules = [ { select { set = "1", alg = "4" } } ]
                }
                """.formatted(
                        management,
                        Ports.next(),
                        Ports.next(),
                        Path.of("conf", "sample.sql").toAbsolutePath()))) {
            node.awaitListening();
            for (String path : List.of("destinations", "sets", "traffic", "node", "history")) {
                get(URI.create("http://127.0.0.1:" + management + "/dispatcher/" + path));
            }
            get(URI.create("http://127.0.0.1:" + management + "/cluster/members"));
            get(URI.create("http://127.0.0.1:" + management + "/metrics"));
        }
    }

    /** The classes for any response are in the archive then. */
    private static void get(URI uri) throws IOException {
        try {
            HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("test-classes") && !entry.contains("surefire"))
                .map(entry -> Path.of(entry).equals(CLASSES) ? JAR.toString() : entry)
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Only jars can be archived, so this creates one from the classes of this build. */
    private static void jar() throws IOException {
        try (OutputStream out = Files.newOutputStream(JAR);
                JarOutputStream entries = new JarOutputStream(out);
                Stream<Path> files = Files.walk(CLASSES)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                entries.putNextEntry(
                        new JarEntry(CLASSES.relativize(file).toString().replace(File.separatorChar, '/')));
                Files.copy(file, entries);
                entries.closeEntry();
            }
        }
    }
}
