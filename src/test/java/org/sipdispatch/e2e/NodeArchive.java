package org.sipdispatch.e2e;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sipdispatch.agents.Ports;

/**
 * The program's classes as its virtual machine keeps them once loaded (class data sharing). With them a node starts in
 * half the time, and these tests start more than a hundred. Made once in a run, by a node that is started and stopped.
 */
final class NodeArchive {
    private static final Path HOME = Path.of("target", "e2e").toAbsolutePath();
    private static final Path ARCHIVE = HOME.resolve("classes.jsa");
    /** The virtual machine names each class that it cannot keep. */
    private static final String QUIET = "-Xlog:disable";

    private static final String CLASS_PATH = classPath();
    private static final boolean MADE = make();

    private NodeArchive() {}

    /** The class path of a node, and the archive. */
    static List<String> options() {
        return MADE
                ? List.of("-XX:SharedArchiveFile=" + ARCHIVE, QUIET, "-cp", CLASS_PATH)
                : List.of("-cp", CLASS_PATH);
    }

    private static boolean make() {
        try {
            Files.deleteIfExists(ARCHIVE);
            try (NodeProcess node = NodeProcess.begin(
                    List.of("-XX:ArchiveClassesAtExit=" + ARCHIVE, QUIET, "-cp", CLASS_PATH), """
                    sip-dispatcher {
                      management.port = 0
                      sockets { main = "udp:127.0.0.1:%d" }
                      cluster { host = 127.0.0.1, port = %d }
                      journal.db_url = "jdbc:h2:mem:journal"
                      partitions.default { db_url = "jdbc:h2:mem:sets", init_script = "%s" }
                      rules = [ { select { set = "1", alg = "4" } } ]
                    }
                    """.formatted(
                                    Ports.next(),
                                    Ports.next(),
                                    Path.of("conf", "sample.sql").toAbsolutePath()))) {
                node.awaitListening();
            }
            return Files.exists(ARCHIVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Only jars can be archived, so the classes of this build are put into one. */
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("test-classes") && !entry.contains("surefire"))
                .map(entry -> Files.isDirectory(Path.of(entry)) ? jar(Path.of(entry)) : entry)
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String jar(Path classes) {
        try {
            Path jar = Files.createDirectories(HOME).resolve("classes.jar");
            try (OutputStream out = Files.newOutputStream(jar);
                    JarOutputStream entries = new JarOutputStream(out);
                    Stream<Path> files = Files.walk(classes)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    entries.putNextEntry(
                            new JarEntry(classes.relativize(file).toString().replace(File.separatorChar, '/')));
                    Files.copy(file, entries);
                    entries.closeEntry();
                }
            }
            return jar.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
