package org.sipdispatch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipdispatch.settings.SettingException;

/** Requests to a server that answers with given bytes, and what they make of its response. */
class HttpExchangeTest {
    /** Than those of the sockets on both sides together. */
    private static final int LARGER_THAN_BUFFERS = 16 << 20;

    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private String url() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    /** Answers one request, up to its empty line, and closes the connection; returns the request. */
    private CompletableFuture<String> answer(String response) {
        return CompletableFuture.supplyAsync(() -> {
            try (Socket connection = server.accept()) {
                StringBuilder request = new StringBuilder();
                while (request.indexOf("\r\n\r\n") < 0) {
                    request.append((char) connection.getInputStream().read());
                }
                connection.getOutputStream().write(response.getBytes(StandardCharsets.UTF_8));
                return request.toString();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private String get() throws IOException {
        try (HttpExchange exchange = HttpExchange.connect(url(), null, 20_000)) {
            exchange.send("GET", "/x", Map.of(), null);
            return exchange.status() + " " + new String(exchange.body().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HTTP/1.1 200 OK~Content-Length: 5~~hellosurplus               | 200 hello",
                "HTTP/1.1 200 OK~content-length:5~~hello                       | 200 hello",
                "HTTP/1.1 200~~hello                                           | 200 hello",
                "HTTP/1.0 503 Service Unavailable~Server: x~~hello             | 503 hello",
                "HTTP/1.1 204 No Content~~surplus                              | '204 '",
                "HTTP/1.1 204 No Content~Content-Length: 7~~surplus            | '204 '",
                "HTTP/1.1 200 OK~Content-Length: 0~~                           | '200 '",
                "HTTP/1.1 100 Continue~~HTTP/1.1 201 Created~Content-Length: 1~~x | 201 x",
                "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~5~hello~6;x=y~ world~0~~ | 200 hello world",
                "HTTP/1.1 200 OK~Transfer-Encoding: Chunked~~0A~0123456789~0~Trailer: x~~surplus | 200 0123456789",
                "HTTP/1.1 200 OK~Content-Length: 3~Transfer-Encoding: chunked~~1~x~0~~ | 200 x",
            })
    void theBodyEndsAsTheMessageSays(String response, String expected) throws IOException {
        answer(response.replace("~", "\r\n"));

        assertThat(get()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                                            | the connection ended before the response",
                "HTTP/1.1 200 OK~Server: x                                     | the connection ended before the response",
                "HTTP/1.1 200 OK~Content-Length: 6~~hello                      | the response is incomplete",
                "HTTP/1.1 200 OK~Content-Length: -1~~hello                     | the response has an invalid length",
                "HTTP/1.1 200 OK~Content-Length: x~~hello                      | the response has an invalid length",
                "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~5~hello~          | the response is incomplete",
                "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~5~hel             | the response is incomplete",
                "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~5~hello           | the response is incomplete",
                "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~4~hello~0~~       | the response has an invalid chunk",
                "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~no~hello~0~~      | the response has an invalid length",
                "SSH-2.0-OpenSSH_9.2~~                                         | no HTTP response",
                "HTTP/1.1 OK~~                                                 | no HTTP response",
            })
    void aResponseThatIsCutOrInvalidIsAnError(String response, String expected) {
        answer(response.replace("~", "\r\n"));

        assertThatThrownBy(this::get)
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(HttpExchange.NoConnectionException.class)
                .hasMessage(expected);
    }

    @Test
    void aHeadOrALineWithoutEndIsAnError() {
        answer("HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(20_000));
        assertThatThrownBy(this::get).hasMessage("the head of the response is too long");

        answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + "1".repeat(20_000));
        assertThatThrownBy(this::get).hasMessage("the response has an invalid chunk");
    }

    @Test
    void theRequestHasOneConnectionAndTheGivenHeaders() throws IOException {
        CompletableFuture<String> request = answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

        try (HttpExchange exchange = HttpExchange.connect(url() + "/behind", null, 20_000)) {
            Map<String, String> headers = new LinkedHashMap<>();
            headers.put("Content-Type", "text/plain");
            headers.put("Authorization", "Bearer x");
            exchange.send("POST", "/a%20b?c=d", headers, new byte[3]);
        }

        assertThat(request.join())
                .isEqualTo("POST /behind/a%20b?c=d HTTP/1.1\r\nHost: 127.0.0.1:" + server.getLocalPort()
                        + "\r\nConnection: close\r\nContent-Type: text/plain\r\nAuthorization: Bearer x\r\n"
                        + "Content-Length: 3\r\n\r\n");
    }

    @Test
    void aHeaderCannotContainAnotherOne() throws IOException {
        try (HttpExchange exchange = HttpExchange.connect(url(), null, 20_000)) {
            assertThatThrownBy(() -> exchange.send("GET", "/", Map.of("X", "y\r\nZ: z"), null))
                    .isInstanceOf(SettingException.class)
                    .hasMessageStartingWith("X: y");
        }
    }

    @ParameterizedTest
    @CsvSource({"http://127.0.0.1:1", "http://nosuch.invalid:8558", "https://[::1]:1"})
    void withoutConnectionNothingWasSent(String url) {
        assertThatThrownBy(() -> HttpExchange.connect(url, null, 20_000))
                .isInstanceOf(HttpExchange.NoConnectionException.class)
                .hasMessage("no connection");
    }

    @Test
    void aSilentServerIsAnError() throws IOException {
        try (HttpExchange exchange = HttpExchange.connect(url(), null, 50)) {
            assertThatThrownBy(() -> exchange.send("GET", "/", Map.of(), null))
                    .isInstanceOf(java.net.SocketTimeoutException.class);
        }
    }

    /** Another node may be asked: this one has no request. */
    @Test
    void aServerThatIsSilentInTheTlsHandshakeIsNoConnection() {
        assertThatThrownBy(() -> HttpExchange.connect(url().replace("http:", "https:"), null, 50))
                .isInstanceOf(HttpExchange.NoConnectionException.class)
                .hasMessage("no connection in time");
    }

    /** The server closes its connection while the request is still being sent. */
    @Test
    void aRefusalBeforeTheEndOfTheRequestIsRead() throws IOException {
        answer("HTTP/1.1 413 Content Too Large\r\nContent-Length: 5\r\n\r\nlarge");

        try (HttpExchange exchange = HttpExchange.connect(url(), null, 20_000)) {
            exchange.send("POST", "/x", Map.of(), new byte[LARGER_THAN_BUFFERS]);

            assertThat(exchange.status()).isEqualTo(413);
            assertThat(exchange.body().readAllBytes())
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo("large");
        }
    }

    @Test
    void closingTheBodyEndsAReadOfAnotherThread() throws IOException {
        CompletableFuture<Void> finished = new CompletableFuture<>();
        CompletableFuture.runAsync(() -> {
            try (Socket connection = server.accept()) {
                connection
                        .getOutputStream()
                        .write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
                finished.join();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        try (HttpExchange exchange = HttpExchange.connect(url(), null, 20_000)) {
            exchange.send("GET", "/", Map.of(), null);
            InputStream body = exchange.body();
            assertThat(body.read()).isEqualTo('x');
            CompletableFuture<Integer> next = CompletableFuture.supplyAsync(() -> {
                try {
                    return body.read();
                } catch (IOException e) {
                    return -2;
                }
            });

            body.close();

            assertThat(next.join()).isEqualTo(-2);
        } finally {
            finished.complete(null);
        }
    }
}
