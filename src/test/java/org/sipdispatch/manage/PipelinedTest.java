package org.sipdispatch.manage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import javax.net.SocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Thousands of pipelined requests in one write: a recursive parser needs a large stack for them. */
class PipelinedTest {
    private static final byte[] SMALLEST =
            "GET / HTTP/1.1\r\nHost:a\r\n\r\n".repeat(20_000).getBytes(StandardCharsets.US_ASCII);
    private static final int ANSWERS = 2_000;

    @Test
    void areAnsweredOneAfterTheOther() throws IOException {
        try (UnstartedNodeServer server = UnstartedNodeServer.start("")) {
            assertAnswered(server, SocketFactory.getDefault());
        }
    }

    @Test
    void areAnsweredOverTlsToo(@TempDir Path directory) throws Exception {
        try (UnstartedNodeServer server = UnstartedNodeServer.startTls("", directory)) {
            assertAnswered(server, server.tls().getSocketFactory());
        }
    }

    @Test
    void aBodyOfManySmallPiecesEndsNothingEither() throws IOException {
        String request =
                "POST /mi HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "1\r\n \r\n".repeat(60_000) + "0\r\n\r\n";
        try (UnstartedNodeServer server = UnstartedNodeServer.start("")) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

                assertThat(answer).startsWith("HTTP/1.1 200").contains("Parse error");
            }
            assertThat(server.send("GET", "/alive", null).statusCode()).isEqualTo(200);
        }
    }

    private static void assertAnswered(UnstartedNodeServer server, SocketFactory sockets) throws IOException {
        try (Socket socket = sockets.createSocket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(60_000);
            CompletableFuture.runAsync(() -> send(socket));
            BufferedReader answers =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            int answered = 0;
            for (String line = answers.readLine(); line != null && answered < ANSWERS; line = answers.readLine()) {
                // The body of the previous response has no line end.
                answered += line.contains("HTTP/1.1 ") ? 1 : 0;
            }
            assertThat(answered).isEqualTo(ANSWERS);
        }
        assertThat(server.send("GET", "/alive", null).statusCode()).isEqualTo(200);
    }

    private static void send(Socket socket) {
        try {
            socket.getOutputStream().write(SMALLEST);
        } catch (IOException e) {
            // The test has read enough and closed the connection.
        }
    }
}
