package org.sipdispatch.manage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Slow and idle connections, over real sockets. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HttpConnectionStageTest {
    private static CompletableFuture<Void> timeouts;

    /** The time limits take ten seconds, so they pass while the other tests run. */
    @BeforeAll
    static void startTimeouts() {
        timeouts = CompletableFuture.runAsync(HttpConnectionStageTest::checkTimeouts);
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void whatDoesNotComeIsNotWaitedForLong() {
        timeouts.join();
    }

    private static void checkTimeouts() {
        String body =
                "POST /dispatcher/reload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{\"partition\":";
        try (UnstartedNodeServer open = UnstartedNodeServer.start("");
                Slow nothing = new Slow(open, "");
                Slow headers = new Slow(open, "GET /alive HTTP/1.1\r\nHost: localhost\r\n");
                Slow half = new Slow(open, body)) {
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(500))
                    .atMost(Duration.ofSeconds(40))
                    .until(() -> {
                        headers.dribble("X-More: x\r\n");
                        return headers.isClosed();
                    });
            assertThat(nothing.rest()).isEmpty();
            assertThat(headers.rest()).isEmpty();
            assertThat(half.rest())
                    .startsWith("HTTP/1.1 408")
                    .contains("Connection: close")
                    .contains("\"error\"");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void silentConnectionsKeepNobodyOut() throws IOException {
        List<Slow> silent = new ArrayList<>();
        try (UnstartedNodeServer small = UnstartedNodeServer.start("max-connections = 8")) {
            for (int i = 0; i < 300; i++) {
                silent.add(new Slow(small, i % 2 == 0 ? "" : "GET /alive HTTP/1.1\r\nHost: local"));
            }

            assertThat(small.send("GET", "/alive", null).statusCode()).isEqualTo(200);
            assertThat(small.send("GET", "/ready", null).statusCode()).isEqualTo(503);
            Awaitility.await()
                    .untilAsserted(() ->
                            assertThat(silent.stream().filter(Slow::isClosed)).hasSizeGreaterThan(280));
        } finally {
            for (Slow one : silent) {
                one.close();
            }
        }
    }

    /** The TLS handshake of these connections has not started. */
    @Test
    void silentConnectionsKeepNobodyOutOfTlsEither(@TempDir Path directory) throws Exception {
        List<Slow> silent = new ArrayList<>();
        try (UnstartedNodeServer small = UnstartedNodeServer.startTls("max-connections = 8", directory)) {
            for (int i = 0; i < 300; i++) {
                silent.add(new Slow(small, ""));
            }

            assertThat(small.send("GET", "/alive", null).statusCode()).isEqualTo(200);
        } finally {
            for (Slow one : silent) {
                one.close();
            }
        }
    }

    /** The client would read the refusal only after it has sent its body, which never completes. */
    @Test
    void whoIsRefusedAndDoesNotEndKeepsNobodyOut() throws IOException {
        String nobody = "POST /dispatcher/reload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{";
        List<Slow> refused = new ArrayList<>();
        try (UnstartedNodeServer small = UnstartedNodeServer.start(
                "max-connections = 8, max-requests-per-second = 0, tokens = [ { name = ann, token = 0123456789abcdef, role = write } ]")) {
            for (int i = 0; i < 120; i++) {
                refused.add(new Slow(small, nobody));
            }

            assertThat(small.send("GET", "/alive", null).statusCode()).isEqualTo(200);
            try (Slow last = new Slow(small, nobody)) {
                assertThat(last.rest()).startsWith("HTTP/1.1 401");
            }
        } finally {
            for (Slow one : refused) {
                one.close();
            }
        }
    }

    /** Their responses fill all buffers and then block. */
    @Test
    void whoDoesNotReadKeepsNobodyOut() throws IOException {
        List<Slow> deaf = new ArrayList<>();
        try (UnstartedNodeServer small =
                UnstartedNodeServer.start("max-connections = 8, max-requests-per-second = 0")) {
            for (int i = 0; i < 120; i++) {
                Slow one = new Slow(small, "");
                deaf.add(one);
                one.dribble("GET /dispatcher/openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(200));
            }

            assertThat(small.send("GET", "/alive", null).statusCode()).isEqualTo(200);
        } finally {
            for (Slow one : deaf) {
                one.close();
            }
        }
    }

    @Test
    void anAnswerThatGoesOnIsNotCutOffForSilentOnes() throws IOException {
        try (UnstartedNodeServer small = UnstartedNodeServer.start("max-connections = 1");
                Slow asking = new Slow(
                        small,
                        "POST /mi HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 2\r\n"
                                + "Expect: 100-continue\r\n\r\n")) {
            assertThat(asking.line()).isEqualTo("HTTP/1.1 100 Continue");

            try (Slow silent = new Slow(small, "")) {
                assertThat(small.send("GET", "/alive", null).statusCode()).isEqualTo(200);
                assertThat(silent.rest()).isEmpty();
            }
            asking.dribble("{}");

            assertThat(asking.rest()).contains("HTTP/1.1 200").contains("Invalid Request");
        }
    }

    /** A connection of a slow client. */
    private static final class Slow implements AutoCloseable {
        private final Socket socket;

        Slow(UnstartedNodeServer server, String beginning) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
            socket.setSoTimeout(60_000);
            dribble(beginning);
        }

        void dribble(String more) {
            try {
                socket.getOutputStream().write(more.getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                // The server has closed the connection; the test checks that elsewhere.
            }
        }

        /** Whether the server has closed the connection. */
        boolean isClosed() {
            try {
                socket.setSoTimeout(1);
                return socket.getInputStream().read() < 0;
            } catch (java.net.SocketTimeoutException e) {
                return false;
            } catch (IOException e) {
                return true;
            }
        }

        String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int c = socket.getInputStream().read();
                    c >= 0 && c != '\n';
                    c = socket.getInputStream().read()) {
                line.append((char) c);
            }
            return line.toString().strip();
        }

        /** Everything received until the server closes the connection in any way. */
        String rest() {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            try {
                socket.setSoTimeout(60_000);
                socket.getInputStream().transferTo(all);
            } catch (IOException e) {
                // The bytes received before count.
            }
            return all.toString(StandardCharsets.UTF_8);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
