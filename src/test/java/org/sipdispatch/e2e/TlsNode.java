package org.sipdispatch.e2e;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.sipdispatch.agents.Certificates;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.agents.SipText;

/** A node in a process of its own with a UDP and a TLS socket, and the certificate {@code node}. */
final class TlsNode implements AutoCloseable {
    private static final String HOST = "127.0.0.1";

    private final InetSocketAddress udp = Ports.freeAddress(HOST);
    private final InetSocketAddress tls = Ports.freeAddress(HOST);
    private final int management = Ports.next();
    private final HttpClient http = HttpClient.newHttpClient();
    private NodeProcess process;

    /**
     * Starts it.
     *
     * @param settings more settings, the rules among them
     * @param list the lines of its list file
     */
    void start(Certificates certificates, String settings, String list) {
        String pair = "certificate = \"%s\", private_key = \"%s\", ca_list = \"%s\""
                .formatted(certificates.file("node.pem"), certificates.file("node.key"), certificates.file("ca.pem"));
        process = NodeProcess.start(
                """
                sockets { u = "udp:%s", t = "tls:%s" }
                management.port = %d
                partitions.default.db_url = "file:$list"
                tls { server_domains.default { %s }, client_domains.default { %s } }
                %s
                """.formatted(SipText.hostPort(udp), SipText.hostPort(tls), management, pair, pair, settings), list);
    }

    InetSocketAddress udp() {
        return udp;
    }

    InetSocketAddress tls() {
        return tls;
    }

    String log() {
        return process.log();
    }

    NodeProcess process() {
        return process;
    }

    /**
     * The handshakes in {@code /metrics}.
     *
     * @param peer {@code client} or {@code server}
     * @param result as in the page about TLS
     */
    long handshakes(String peer, String result) {
        return metric("sip_dispatcher_tls_handshakes_total{peer=\"" + peer + "\",result=\"" + result + "\"}");
    }

    /** The value of a series in {@code /metrics}; 0 if there is none. */
    long metric(String series) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + management + "/metrics"))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.ofString())
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(series + " "))
                    .mapToLong(line -> (long) Double.parseDouble(line.substring(series.length() + 1)))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
        }
    }
}
