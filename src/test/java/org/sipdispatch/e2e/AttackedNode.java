package org.sipdispatch.e2e;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.agents.SipText;

/** A real node that listens on UDP and TCP and sends requests of one address, the attacker's, to a separate set. */
final class AttackedNode implements AutoCloseable {
    static final String HOST = "127.0.0.1";
    static final String ATTACKER = "127.0.0.9";

    private final InetSocketAddress at = Ports.freeAddress(HOST);
    private final int management = Ports.next();
    private final HttpClient http = HttpClient.newHttpClient();
    private final NodeProcess process;

    private AttackedNode(List<String> options, String settings, String callee, String attacked) throws IOException {
        Path list = Files.createTempFile(Files.createDirectories(Path.of("target", "e2e")), "one", ".list");
        Files.writeString(list, "1 " + callee + "\n2 " + attacked + "\n");
        List<String> all = new ArrayList<>(NodeArchive.options());
        all.addAll(options);
        process = NodeProcess.begin(
                all, """
                sip-dispatcher {
                  sockets { u = "udp:%1$s", t = "tcp:%1$s" }
                  management.port = %2$d
                  partitions.default.db_url = "file:%3$s"
                  rules = [
                    { when { source = "%4$s" }, select { set = 2, flags = F } }
                    { select { set = 1, flags = F } }
                  ]
                  %5$s
                }
                """.formatted(SipText.hostPort(at), management, list.toAbsolutePath(), ATTACKER, settings));
        process.awaitListening();
    }

    /**
     * Starts a node and waits until it listens.
     *
     * @param options of its virtual machine
     * @param settings further settings in the block {@code sip-dispatcher}
     * @param attacked the destination of the attacker's requests
     */
    static AttackedNode start(List<String> options, String settings, String callee, String attacked)
            throws IOException {
        return new AttackedNode(options, settings, callee, attacked);
    }

    static String uri(InetSocketAddress address) {
        return "sip:" + SipText.hostPort(address);
    }

    InetSocketAddress at() {
        return at;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    String log() {
        return process.log();
    }

    String get(String path) {
        try {
            return http.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + management + path))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** How often this limit was hit; -1 if the node does not have that limit. */
    long limitHits(String limit) {
        Matcher line = Pattern.compile("(?m)^sip_dispatcher_limit_hits_total\\{limit=\"" + limit + "\"} (\\d+)")
                .matcher(get("/metrics"));
        return line.find() ? Long.parseLong(line.group(1)) : -1;
    }

    /** The number of log lines with that text. */
    long linesOf(String text) {
        return log().lines().filter(line -> line.contains(text)).count();
    }

    void printWarnings() {
        log().lines().filter(line -> line.contains("WARN")).forEach(System.out::println);
    }

    /** Kills the process: an attack leaves ringing calls, for which the tests do not wait. */
    @Override
    public void close() {
        process.kill();
    }
}
