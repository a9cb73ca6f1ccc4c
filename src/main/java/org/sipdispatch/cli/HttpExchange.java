package org.sipdispatch.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.sipdispatch.settings.SettingException;

/**
 * One request and its response over HTTP/1.1 (RFC 9112), on a connection of its own. Java has two HTTP clients: the start of
 * one takes about as long as all else that a command does, and the other one sends some requests again of which a node may
 * have executed the first.
 */
final class HttpExchange implements Closeable {
    /** There is no connection, so a node cannot have received anything. */
    static final class NoConnectionException extends IOException {
        private static final long serialVersionUID = 1L;

        private NoConnectionException(IOException cause) {
            super(
                    cause instanceof SocketTimeoutException
                            ? "no connection in time"
                            : cause instanceof ConnectException || cause instanceof UnknownHostException
                                    ? "no connection"
                                    : cause.getMessage(),
                    cause);
        }
    }

    /**
     * Keeps the failure of a write. The node closed the connection, and can have said why before: an alert of TLS, or a
     * refusal. A read finds that first, but TLS reads nothing after a write that failed.
     */
    private static final class Connection extends Socket {
        private volatile IOException unsent;

        private Connection() {
            super(Proxy.NO_PROXY);
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            return new FilterOutputStream(super.getOutputStream()) {
                @Override
                public void write(int value) {
                    write(new byte[] {(byte) value}, 0, 1);
                }

                @Override
                public void write(byte[] bytes, int offset, int length) {
                    try {
                        if (unsent == null) {
                            out.write(bytes, offset, length);
                        }
                    } catch (IOException e) {
                        unsent = e;
                    }
                }
            };
        }
    }

    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};
    private static final int CONNECT_TIMEOUT_MS = 5_000;
    private static final int LONGEST_HEAD = 65_536;

    private final URI base;
    private final Connection connection;
    /** The connection, or TLS over it. */
    private final Socket socket;

    private InputStream in;
    private int leftOfHead = LONGEST_HEAD;
    private int status;

    private HttpExchange(URI base, Connection connection, Socket socket) {
        this.base = base;
        this.connection = connection;
        this.socket = socket;
    }

    /**
     * Connects to a node.
     *
     * @param url its URL, without user
     * @param tls for https; null for Java's default
     * @param timeoutMs the longest time without a byte of the response
     * @throws NoConnectionException if that is not possible in 5 s, TLS included
     * @throws IOException if the TLS handshake fails
     */
    static HttpExchange connect(String url, SSLContext tls, int timeoutMs) throws IOException {
        URI base = URI.create(url);
        boolean overTls = base.getScheme().equalsIgnoreCase("https");
        int port = base.getPort() >= 0 ? base.getPort() : overTls ? 443 : 80;
        String host = base.getHost().replace("[", "").replace("]", "");
        Connection connection = new Connection();
        try {
            connectTo(connection, host, port);
            connection.setSoTimeout(Math.min(CONNECT_TIMEOUT_MS, timeoutMs));
            Socket socket = overTls ? handshake(connection, tls, host, port) : connection;
            connection.setSoTimeout(timeoutMs);
            return new HttpExchange(base, connection, socket);
        } catch (IOException e) {
            connection.close();
            throw e;
        }
    }

    private static void connectTo(Socket connection, String host, int port) throws NoConnectionException {
        try {
            InetSocketAddress address = new InetSocketAddress(host, port);
            if (address.isUnresolved()) {
                throw new UnknownHostException(host);
            }
            connection.connect(address, CONNECT_TIMEOUT_MS);
            connection.setTcpNoDelay(true);
        } catch (IOException e) {
            throw new NoConnectionException(e);
        }
    }

    private static Socket handshake(Socket connection, SSLContext tls, String host, int port) throws IOException {
        SSLContext context;
        try {
            context = tls == null ? SSLContext.getDefault() : tls;
        } catch (NoSuchAlgorithmException e) {
            throw new IOException(e);
        }
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(connection, host, port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(PROTOCOLS);
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        try {
            socket.startHandshake();
        } catch (SocketTimeoutException e) {
            throw new NoConnectionException(e);
        }
        return socket;
    }

    /**
     * Sends the request and reads the head of the response.
     *
     * @param path with the query, encoded
     * @param body null for none
     */
    void send(String method, String path, Map<String, String> headers, byte[] body) throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        StringBuilder head = new StringBuilder(method + " " + nonNull(base.getRawPath()) + path + " HTTP/1.1\r\n");
        addHeader(head, "Host", base.getRawAuthority());
        addHeader(head, "Connection", "close");
        headers.forEach((name, value) -> addHeader(head, name, value));
        if (body != null) {
            addHeader(head, "Content-Length", String.valueOf(body.length));
        }
        request.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
        request.writeBytes(body == null ? new byte[0] : body);
        request.writeTo(socket.getOutputStream());
        try {
            in = new BufferedInputStream(socket.getInputStream());
            do {
                readHead();
            } while (status < 200);
        } catch (IOException e) {
            IOException unsent = connection.unsent;
            throw unsent == null || e instanceof SSLException ? e : unsent;
        }
    }

    private static String nonNull(String path) {
        return path == null ? "" : path;
    }

    private static void addHeader(StringBuilder head, String name, String value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) < ' ' || value.charAt(i) > '~') {
                throw new SettingException(name, value, "printable ASCII");
            }
        }
        head.append(name).append(": ").append(value).append("\r\n");
    }

    /** Reads the status and the header fields that say how the body ends (RFC 9112 section 6.3). */
    private void readHead() throws IOException {
        String line = readLine();
        if (!line.matches("HTTP/1\\.\\d \\d{3}( .*)?")) {
            throw new IOException("no HTTP response");
        }
        status = Integer.parseInt(line.substring(9, 12));
        long length = status < 200 || status == 204 || status == 304 ? 0 : -1;
        boolean chunked = false;
        for (line = readLine(); !line.isEmpty(); line = readLine()) {
            int colon = line.indexOf(':');
            String name = colon < 0 ? "" : line.substring(0, colon);
            String value = line.substring(colon + 1).strip();
            if (name.equalsIgnoreCase("Transfer-Encoding")) {
                chunked = value.equalsIgnoreCase("chunked");
            } else if (name.equalsIgnoreCase("Content-Length") && length < 0) {
                length = ResponseBody.number(value, 10);
            }
        }
        if (status >= 200) {
            in = chunked ? ResponseBody.chunked(in) : length < 0 ? in : ResponseBody.of(in, length);
        }
    }

    private String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the connection ended before the response");
            } else if (--leftOfHead < 0) {
                throw new IOException("the head of the response is too long");
            }
            line.append((char) next);
        }
        return line.toString().stripTrailing();
    }

    int status() {
        return status;
    }

    /** The body of the response. Its {@code close} closes the connection, also while another thread reads. */
    InputStream body() {
        return new FilterInputStream(in) {
            @Override
            public void close() throws IOException {
                HttpExchange.this.close();
            }
        };
    }

    /** Closes the connection below TLS too: no thread waits for a message of TLS to the other side. */
    @Override
    public void close() throws IOException {
        connection.close();
    }
}
