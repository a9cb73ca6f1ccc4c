package org.sipdispatch.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** An HTTP client that sends raw bytes, valid or not, and returns all responses. */
final class RawHttp implements AutoCloseable {
    private static final int PATIENCE_MS = 25_000;

    private final Socket socket;

    private RawHttp(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MS);
    }

    static RawHttp to(int port) {
        try {
            return new RawHttp(port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything received until the server closes the connection. */
    static String answer(int port, String... parts) {
        try (RawHttp connection = to(port)) {
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
                for (String part : parts) {
                    connection.send(part);
                }
            });
            String answer = connection.rest();
            sent.handle((done, failure) -> "the server may close the connection before everything is sent")
                    .join();
            return answer;
        }
    }

    void send(String text) {
        try {
            OutputStream out = socket.getOutputStream();
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends the same request several times without waiting, and returns the statuses up to {@code last}. */
    String statuses(String request, int times, int last) {
        CompletableFuture.runAsync(() -> send(request.repeat(times)));
        StringBuilder statuses = new StringBuilder();
        for (int i = 0; i < times && !statuses.toString().endsWith(String.valueOf(last)); i++) {
            statuses.append(' ').append(line().split(" ")[1]);
            skipAnswer();
        }
        return statuses.toString().strip();
    }

    private void skipAnswer() {
        int length = 0;
        for (String line = line(); !line.isEmpty(); line = line()) {
            if (line.startsWith("Content-Length: ")) {
                length = Integer.parseInt(line.substring(line.indexOf(' ') + 1));
            }
        }
        try {
            socket.getInputStream().readNBytes(length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next received line; null at the end. */
    String line() {
        try {
            StringBuilder line = new StringBuilder();
            InputStream in = socket.getInputStream();
            for (int c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0) {
                    return null;
                }
                line.append((char) c);
            }
            return line.toString().strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String rest() {
        StringBuilder text = new StringBuilder();
        byte[] some = new byte[8192];
        try {
            InputStream in = socket.getInputStream();
            for (int n = in.read(some); n >= 0; n = in.read(some)) {
                text.append(new String(some, 0, n, StandardCharsets.ISO_8859_1));
            }
        } catch (IOException e) {
            text.append("\n(").append(e.getMessage()).append(')');
        }
        return text.toString();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
