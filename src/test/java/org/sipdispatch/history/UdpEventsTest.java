package org.sipdispatch.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.sipdispatch.destination.DestinationState.ACTIVE;
import static org.sipdispatch.destination.DestinationState.PROBING;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.sipdispatch.destination.DestinationEvent;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.destination.Status;
import org.sipdispatch.destination.StatusVersion;

class UdpEventsTest {
    private static final DestinationEvent DOWN =
            DatagramFormatTest.event("default", ACTIVE, PROBING, "probe", "no reply");

    private static DatagramSocket listener(String address) throws IOException {
        DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName(address));
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static String received(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
        socket.receive(packet);
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
    }

    @Test
    void everyAddressHearsOfAChangeOnceEvenIfNobodyListensAtAnother() throws Exception {
        try (DatagramSocket one = listener("127.0.0.1");
                DatagramSocket other = listener("127.0.0.1")) {
            DatagramSocket gone = listener("127.0.0.1");
            String targets = "udp = [\"127.0.0.1:%d\", \"127.0.0.1:%d\", \"127.0.0.1:%d\"]"
                    .formatted(gone.getLocalPort(), one.getLocalPort(), other.getLocalPort());
            gone.close();
            try (UdpEvents events = UdpEvents.open(HistorySettingsTest.settings("", targets))) {
                for (int i = 0; i < 3; i++) {
                    events.onChange(DOWN);
                    assertThat(received(one)).isEqualTo(DatagramFormat.DATAGRAM.of(DOWN));
                    assertThat(received(other)).isEqualTo(DatagramFormat.DATAGRAM.of(DOWN));
                }
                one.setSoTimeout(1);
                assertThatThrownBy(() -> received(one)).isInstanceOf(SocketTimeoutException.class);
            }
        }
    }

    @Test
    void whatAnotherNodesActorHasSupersededIsNotReported() throws Exception {
        try (DatagramSocket socket = listener("127.0.0.1");
                UdpEvents events = UdpEvents.open(
                        HistorySettingsTest.settings("", "udp = \"127.0.0.1:" + socket.getLocalPort() + "\""))) {
            events.onChange(event(ACTIVE, new StatusVersion(6, 1, 1)));
            assertThat(received(socket)).contains("status::active");

            events.learned(Map.of(DOWN.id(), status(new StatusVersion(7, 2, 2))));
            events.onChange(event(PROBING, new StatusVersion(6, 9, 1)));
            events.onChange(event(PROBING, new StatusVersion(7, 2, 1)));
            events.onChange(event(ACTIVE, new StatusVersion(7, 3, 2)));
            assertThat(received(socket)).contains("status::active");

            events.onChange(event(PROBING, new StatusVersion(7, 2, 2)));
            // Another cluster that knows less: its statuses count.
            events.learned(Map.of(DOWN.id(), status(new StatusVersion(3, 1, 1))));
            events.onChange(event(PROBING, new StatusVersion(3, 2, 1)));
            assertThat(received(socket)).contains("status::inactive");
            socket.setSoTimeout(1);
            assertThatThrownBy(() -> received(socket)).isInstanceOf(SocketTimeoutException.class);
        }
    }

    private static DestinationEvent event(DestinationState to, StatusVersion version) {
        DestinationState from = to == ACTIVE ? PROBING : ACTIVE;
        return new DestinationEvent(
                DOWN.id(), "default", 3, DOWN.uri(), from, false, to, false, "probe", "no reply", 1, version);
    }

    private static Status status(StatusVersion version) {
        return new Status(version, false, false, false, 0, 0, false, 1, "probe", "");
    }

    @Test
    void whatOpenSipsDoesNotKnowIsNotReported() throws Exception {
        try (DatagramSocket socket = listener("127.0.0.1");
                UdpEvents events = UdpEvents.open(HistorySettingsTest.settings(
                        "", "udp = \"127.0.0.1:" + socket.getLocalPort() + "\", udp-form = jsonrpc"))) {
            events.onChange(new DestinationEvent(
                    "a",
                    "default",
                    1,
                    "sip:a",
                    ACTIVE,
                    false,
                    ACTIVE,
                    true,
                    "probe",
                    "reply 503",
                    1,
                    StatusVersion.NONE));
            events.onChange(new DestinationEvent(
                    "a", "", 0, "", ACTIVE, false, PROBING, true, "probe", "reply 503", 1, StatusVersion.NONE));
            events.onChange(DatagramFormatTest.event("default", ACTIVE, PROBING, "table", "state 2"));
            events.onChange(DOWN);

            assertThat(received(socket)).isEqualTo(DatagramFormat.JSONRPC.of(DOWN));
        }
    }
}
