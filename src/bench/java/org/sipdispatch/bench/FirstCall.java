package org.sipdispatch.bench;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.stream.Collectors;
import org.sipdispatch.sip.Ascii;
import org.sipdispatch.sip.ByteWriter;

/** A caller that calls until the first answer, and a callee, which answers INVITEs with 200. */
final class FirstCall implements AutoCloseable {
    private static final int LARGEST = 65_535;
    /** Also the resolution of the measured time. */
    private static final int BETWEEN_CALLS_MS = 10;

    private final DatagramSocket caller = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    private final DatagramSocket callee = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    private final RequestTemplate invite = new RequestTemplate(BenchMessages.text(BenchMessages.INVITE));

    FirstCall() throws IOException {
        caller.setSoTimeout(BETWEEN_CALLS_MS);
        Thread thread = new Thread(this::answer, "callee");
        thread.setDaemon(true);
        thread.start();
    }

    int calleePort() {
        return callee.getLocalPort();
    }

    /** Begins one call after the other through a node that starts, until one is answered with 200. */
    void await(InetSocketAddress proxy, StartedNode node) throws IOException {
        ByteWriter out = new ByteWriter(LARGEST);
        for (long call = System.currentTimeMillis() << 20; ; call++) {
            node.requireStarting();
            out.clear();
            invite.writeTo(out, call);
            caller.send(new DatagramPacket(out.bytes(), out.length(), proxy));
            if (isAnswered()) {
                return;
            }
        }
    }

    /** Whether a 200 arrives before the next call is due. */
    private boolean isAnswered() throws IOException {
        DatagramPacket response = new DatagramPacket(new byte[LARGEST], LARGEST);
        try {
            do {
                response.setLength(LARGEST);
                caller.receive(response);
            } while (!text(response).startsWith("SIP/2.0 200 "));
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    private void answer() {
        DatagramPacket request = new DatagramPacket(new byte[LARGEST], LARGEST);
        try {
            while (true) {
                request.setLength(LARGEST);
                callee.receive(request);
                String text = text(request);
                if (text.startsWith("INVITE ") || text.startsWith("OPTIONS ")) {
                    byte[] response = Ascii.bytes(ok(text));
                    callee.send(new DatagramPacket(response, response.length, request.getSocketAddress()));
                }
            }
        } catch (IOException e) {
            // The socket was closed.
        }
    }

    private String ok(String request) {
        return "SIP/2.0 200 OK\r\n"
                + request.lines()
                        .takeWhile(line -> !line.isEmpty())
                        .filter(line -> line.matches("(?i)(Via|Record-Route|From|To|Call-ID|CSeq):.*"))
                        .map(line -> line.matches("(?i)To:[^;]*") ? line + ";tag=callee" : line)
                        .collect(Collectors.joining("\r\n"))
                + "\r\nContact: <sip:callee@127.0.0.1:" + calleePort() + ">\r\n" + LoadText.WITHOUT_BODY;
    }

    private static String text(DatagramPacket packet) {
        return Ascii.text(packet.getData(), 0, packet.getLength());
    }

    @Override
    public void close() {
        caller.close();
        callee.close();
    }
}
