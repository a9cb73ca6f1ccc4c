package org.sipdispatch.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sipdispatch.agents.Requests;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.SipResponse;

/** A caller over UDP that sends one request at a time, and repeats it until its final response arrives. */
final class SerialCaller implements AutoCloseable {
    private static final int T1_MS = 500;
    private static final long LONGEST_NS = TimeUnit.SECONDS.toNanos(20);
    private static final Pattern PORT = Pattern.compile(":(\\d+)>");

    private final DatagramSocket socket;
    private final Requests requests;
    private final byte[] buffer = new byte[65_536];

    SerialCaller() {
        try {
            socket = new DatagramSocket(NodeProcess.at(0));
            socket.setSoTimeout(T1_MS);
            requests = Requests.udp((InetSocketAddress) socket.getLocalSocketAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Calls a user; the final response has been acknowledged on return. */
    SipResponse invite(InetSocketAddress proxy, String user, String call) {
        requests.to("sip:" + user + "@example.com");
        SipResponse response = request(proxy, requests.of("INVITE", call), "INVITE", call);
        send(proxy, response.isSuccess() ? requests.inDialog("ACK", response) : requests.ackOf(response));
        return response;
    }

    /** Sends a request outside of dialogs. */
    SipResponse request(InetSocketAddress proxy, String method, String user) {
        String call = Requests.newCall();
        requests.to("sip:" + user + "@example.com");
        return request(proxy, requests.of(method, call), method, call);
    }

    /** Ends the call that a response has begun. */
    SipResponse hangUp(InetSocketAddress proxy, SipResponse response) {
        return request(proxy, requests.inDialog("BYE", response), "BYE", SipText.callId(response));
    }

    /** The ports of the Contacts, in their order. */
    static List<Integer> ports(SipResponse response) {
        List<Integer> ports = new ArrayList<>();
        for (String contact : SipText.values(response, HeaderName.CONTACT)) {
            Matcher port = PORT.matcher(contact);
            while (port.find()) {
                ports.add(Integer.parseInt(port.group(1)));
            }
        }
        return ports;
    }

    private SipResponse request(InetSocketAddress proxy, String text, String method, String call) {
        long began = System.nanoTime();
        while (System.nanoTime() - began < LONGEST_NS) {
            send(proxy, text);
            SipResponse response = receive(method, call);
            if (response != null) {
                return response;
            }
        }
        throw new AssertionError("no final response to " + method + " from " + proxy);
    }

    private void send(InetSocketAddress to, String text) {
        byte[] bytes = SipText.bytes(text);
        try {
            socket.send(new DatagramPacket(bytes, bytes.length, to));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The final response; null if none arrives in time. */
    private SipResponse receive(String method, String call) {
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                if (SipText.parsed(buffer.clone(), packet.getLength()) instanceof SipResponse response
                        && !response.isProvisional()
                        && response.cseqMethodIs(method)
                        && SipText.callId(response).equals(call)) {
                    return response;
                }
            }
        } catch (SocketTimeoutException late) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
