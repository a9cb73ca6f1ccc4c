package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sipdispatch.settings.Section;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transaction.ListenSockets;

/** Which listening sockets can be watched for ICMP errors. */
class WatchableSocketsTest {
    private final ListenSockets sockets = SocketSettings.from(Section.root(ConfigFactory.parseString("""
            sockets {
              v4 = "udp:127.0.0.1:5060", v4-tcp = "tcp:127.0.0.1:5060", v6 = "udp:[::1]:5060"
              any { listen = "udp:0.0.0.0:5070", advertise = "192.0.2.1" }
            }
            aliases = []
            """)));

    private List<String> names(WatchableSockets watched) {
        return sockets.all().stream()
                .filter(watched::contains)
                .map(ListenSocket::name)
                .toList();
    }

    @Test
    void onlyBesideListenersWithAnIpv4AddressOfTheirOwn() {
        assertThat(names(WatchableSockets.of(sockets, address -> null))).containsExactly("v4");
    }

    @Test
    void nowhereIfTheTrialFails() {
        assertThat(WatchableSockets.of(sockets, address -> "it failed").any()).isFalse();
    }

    @Test
    void nowhereIfItIsSwitchedOff() {
        assertThat(WatchableSockets.of(sockets, false).any()).isFalse();
    }
}
