package org.sipdispatch.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.settings.Section;
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transport.SocketSettings;

class DemoAddressesTest {
    private static Collection<ListenSocket> sockets(String... sockets) {
        StringBuilder text = new StringBuilder("host-aliases = []\n");
        for (int i = 0; i < sockets.length; i++) {
            String socket = sockets[i].startsWith("0.0.0.0")
                    ? "{ listen = \"udp:" + sockets[i] + "\", advertise = \"192.0.2.9\" }"
                    : "\"" + sockets[i] + "\"";
            text.append("sockets.s").append(i).append(" = ").append(socket).append('\n');
        }
        return SocketSettings.from(Section.root(ConfigFactory.parseString(text.toString())
                        .withFallback(ConfigFactory.defaultReference().resolve().getConfig("sip-dispatcher"))))
                .all();
    }

    private static Collection<Destination> at(String... uris) {
        return Stream.of(uris)
                .map(uri -> new Destination("default", 1, uri, null, 1, 0, "", ""))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "udp:127.0.0.1:6060, 127.0.0.1:6060",
        "udp:127.0.0.9:6060, 127.0.0.9:6060",
        "0.0.0.0:6060, 127.0.0.1:6060"
    })
    void theCallerUsesTheFirstUdpSocketOfThisHost(String socket, String address) {
        InetSocketAddress found = DemoAddresses.ofNode(sockets("tcp:127.0.0.1:5070", "udp:192.0.2.1:5060", socket));

        assertThat(found.getAddress().getHostAddress() + ":" + found.getPort()).isEqualTo(address);
    }

    @Test
    void aNodeWithoutSuchASocketIsRefused() {
        assertThatThrownBy(() -> DemoAddresses.ofNode(sockets("udp:192.0.2.1:5060", "tcp:127.0.0.1:5060")))
                .isInstanceOf(SettingException.class)
                .hasMessage(
                        "sockets: udp:192.0.2.1:5060, tcp:127.0.0.1:5060 (expected: a UDP socket on a loopback address"
                                + " such as udp:127.0.0.1:5060; -c names a configuration for the demonstration, run starts a"
                                + " node with any)");
    }

    @Test
    void eachAddressHasOneUserAgent() {
        assertThat(DemoAddresses.ofGateways(at("sip:127.0.0.1:6090", "sip:u@127.0.0.1:6080", "sip:127.0.0.1:6090;a=b")))
                .extracting(InetSocketAddress::getPort)
                .containsExactly(6080, 6090);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sip:192.0.2.1", "sip:gw.example.net", "sip:127.0.0.1;transport=tcp"})
    void aDestinationElsewhereIsRefused(String uri) {
        assertThatThrownBy(() -> DemoAddresses.ofGateways(at("sip:127.0.0.1:6080", uri)))
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith(
                        "demo: default:1:" + uri + " (expected: only destinations that are on a loopback")
                .hasMessageContaining("-c names a configuration for the demonstration");
    }

    @Test
    void aNodeWithoutDestinationsIsRefused() {
        assertThatThrownBy(() -> DemoAddresses.ofGateways(at()))
                .hasMessageStartingWith("demo: no destination (expected: ");
    }
}
