package org.sipdispatch.e2e;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
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
import org.sipdispatch.agents.Requests;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.agents.UdpPeer;
import org.sipdispatch.database.EmbeddedPostgres;
import org.sipdispatch.sip.SipResponse;

/**
 * A class data sharing archive of the program. It halves the start time of a node, and these tests start more than a
 * hundred. A node creates it when it stops, once for all processes of a test run.
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

    /**
     * The node of the archive forms a cluster with another one, takes a call and orders, and stops first: it has loaded
     * the classes that nodes of tests need.
     */
    private static void make() throws IOException {
        Files.deleteIfExists(ARCHIVE);
        List<String> archiving = List.of("-XX:ArchiveClassesAtExit=" + ARCHIVE, QUIET, "-cp", CLASS_PATH);
        int sip = Ports.next();
        int http = Ports.next();
        try (UdpPeer callee = UdpPeer.answering(ClusterNodes.host(0), 200)) {
            String uri = "sip:" + SipText.hostPort(callee.address());
            String url = EmbeddedPostgres.jdbcUrl("archive_" + System.nanoTime());
            ClusterNodes.table(url, "setid, destination", List.of("1, '" + uri + "'"));
            int cluster = Ports.next();
            NodeProcess archived = NodeProcess.begin(archiving, config(0, sip, cluster, http, url));
            NodeProcess other = NodeProcess.begin(List.of("-cp", CLASS_PATH), config(1, sip, cluster, http, url));
            try {
                archived.awaitListening();
                other.awaitListening();
                call(NodeProcess.at(sip));
                operate("http://" + ClusterNodes.host(0) + ":" + http, uri);
            } finally {
                archived.terminate();
                archived.awaitEnd();
                other.kill();
            }
        }
    }

    private static String config(int node, int sip, int cluster, int http, String url) {
        return """
                sip-dispatcher {
                  sockets { main = "udp:%1$s:%2$d", main-tcp = "tcp:%1$s:%2$d" }
                  relay.secret = "of this test"
                  cluster { host = "%1$s", port = %3$d, seed-nodes = [ "%4$s:%3$d", "%5$s:%3$d" ], insecure = yes }
                  management { host = "%1$s", port = %6$d }
                  journal.db_url = "%7$s"
                  partitions {
                    default.db_url = "%7$s"
                    embedded { db_url = "jdbc:h2:mem:sets", init_script = "%8$s" }
                    list.db_url = "file:%9$s"
                  }
                  probing { ds_ping_interval = 1s, ds_probing_mode = 1 }
                  rules = [ { select { set = "1", alg = "4", flags = "F" } } ]
                }
                """.formatted(
                        ClusterNodes.host(node),
                        sip,
                        cluster,
                        ClusterNodes.host(0),
                        ClusterNodes.host(1),
                        http,
                        url,
                        Path.of("conf", "sample.sql").toAbsolutePath(),
                        Path.of("conf", "dispatcher.list").toAbsolutePath());
    }

    private static void call(InetSocketAddress node) {
        try (UdpPeer caller = new UdpPeer(ClusterNodes.host(0))) {
            Requests requests = Requests.udp(caller.address());
            String call = Requests.newCall();
            caller.send(node, requests.of("INVITE", call));
            SipResponse answer = caller.awaitResponse(200, "INVITE", call);
            caller.send(node, requests.inDialog("ACK", answer));
            caller.send(node, requests.inDialog("BYE", answer));
            caller.awaitResponse(200, "BYE", call);
        }
    }

    private static void operate(String node, String uri) throws IOException {
        String id = URLEncoder.encode("default:1:" + uri, StandardCharsets.UTF_8);
        for (String order : List.of("hold", "release", "probe")) {
            send(HttpRequest.newBuilder(URI.create(node + "/dispatcher/destinations/" + id + "/" + order))
                    .POST(HttpRequest.BodyPublishers.ofString("{}")));
        }
        for (String path : List.of(
                "dispatcher/destinations",
                "dispatcher/destinations/" + id,
                "dispatcher/sets",
                "dispatcher/traffic",
                "dispatcher/node",
                "dispatcher/history",
                "cluster/members",
                "metrics")) {
            send(HttpRequest.newBuilder(URI.create(node + "/" + path)));
        }
    }

    /** The classes for any response are in the archive then. */
    private static void send(HttpRequest.Builder request) throws IOException {
        try {
            HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.discarding());
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
