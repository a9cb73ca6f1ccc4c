package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.net.InetSocketAddress;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.settings.Section;
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.sip.SipUri;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transaction.ListenSockets;
import org.sipdispatch.transaction.Protocol;

class SocketSettingsTest {
    @ParameterizedTest
    @CsvSource({
        "udp:127.0.0.1:5070, UDP, 127.0.0.1, 5070, 127.0.0.1, 5070",
        "TCP:127.0.0.1, TCP, 127.0.0.1, 5060, 127.0.0.1, 5060",
        "udp:[::1]:5070, UDP, ::1, 5070, [::1], 5070",
        "' udp:[2001:db8::1] ', UDP, 2001:db8::1, 5060, [2001:db8::1], 5060",
    })
    void oneTextNamesASocket(
            String text, Protocol protocol, String address, int port, String advertisedHost, int advertisedPort) {
        ListenSocket socket = only("main = \"" + text + "\"");

        assertThat(socket.name()).isEqualTo("main");
        assertThat(socket.index()).isZero();
        assertThat(socket.protocol()).isEqualTo(protocol);
        assertThat(socket.local()).isEqualTo(new InetSocketAddress(address, port));
        assertThat(socket.advertisedHost()).isEqualTo(advertisedHost);
        assertThat(socket.advertisedPort()).isEqualTo(advertisedPort);
    }

    @ParameterizedTest
    @CsvSource({
        "udp:0.0.0.0:5070, 203.0.113.7:5080, 203.0.113.7, 5080",
        "udp:0.0.0.0:5070, 203.0.113.7, 203.0.113.7, 5070",
        "udp:0.0.0.0, sip.example.com, sip.example.com, 5060",
        "'udp:[::]:5070', '[2001:db8::9]:5080', '[2001:db8::9]', 5080",
    })
    void aBlockHasTheAdvertisedAddress(String listen, String advertise, String host, int port) {
        ListenSocket socket = only("main { listen = \"" + listen + "\", advertise = \"" + advertise + "\" }");

        assertThat(socket.advertisedHost()).isEqualTo(host);
        assertThat(socket.advertisedPort()).isEqualTo(port);
    }

    @ParameterizedTest
    @CsvSource({
        "udp:0.0.0.0:5070, sip.example.com, udp:0.0.0.0:5070 (advertised as sip.example.com:5070)",
        "'tcp:[::1]:5070', '[2001:db8::9]:5080', 'tcp:[0:0:0:0:0:0:0:1]:5070 (advertised as [2001:db8::9]:5080)'",
        "'udp:[::1]:5070', '[0:0::1]', 'udp:[0:0::1]:5070'",
        "udp:127.0.0.1:5070, 127.0.0.1, udp:127.0.0.1:5070",
    })
    void theLogShowsTheBoundAddressAndTheAdvertisedOneIfItDiffers(String listen, String advertise, String shown) {
        ListenSocket socket = only("main { listen = \"" + listen + "\", advertise = \"" + advertise + "\" }");

        assertThat(socket.description()).isEqualTo(shown);
    }

    @Test
    void aBlockMayLeaveOutWhatToAdvertise() {
        assertThat(only("main { listen = \"udp:127.0.0.1:5070\" }").advertisedPort())
                .isEqualTo(5070);
    }

    @Test
    void socketsOfDifferentProtocolsMayShareAnAddress() {
        ListenSockets sockets = read("a = \"udp:127.0.0.1\", b = \"tcp:127.0.0.1\"");

        assertThat(sockets.all()).extracting(ListenSocket::index).containsExactly(0, 1);
        assertThat(sockets.named("tcp:127.0.0.1:5060").name()).isEqualTo("b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "main = \"127.0.0.1:5060\" | sockets.main: 127.0.0.1:5060",
                "main = \"udp:localhost\" | sockets.main: udp:localhost",
                "main = \"sctp:127.0.0.1\" | sockets.main: sctp:127.0.0.1",
                "main = \"udp:127.0.0.1:0\" | sockets.main: udp:127.0.0.1:0",
                "main = \"udp:127.0.0.1:70000\" | sockets.main: udp:127.0.0.1:70000",
                "main = \"udp:::1\" | sockets.main: udp:::1",
                "main = \"udp:127.0.0.1;a=b\" | sockets.main: udp:127.0.0.1;a=b",
                "main = \"udp:u@127.0.0.1\" | sockets.main: udp:u@127.0.0.1",
                "main = \"udp:\" | sockets.main: udp:",
                "main = \"sctp:127.0.0.1:5060\" | sockets.main: sctp:127.0.0.1:5060",
                "main { listen = \"udp\" } | sockets.main.listen: udp",
            })
    void whatIsNoSocketIsRefused(String text, String start) {
        assertRefused(
                text,
                start + " (expected: udp:, tcp:, tls:, ws: or wss: with an IP address of"
                        + " this host, as in udp:address[:port])");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "main = \"udp:0.0.0.0:5060\" | sockets.main: udp:0.0.0.0:5060 (expected: an address, or a block with listen and advertise, because peers need an address to send to)",
                "main { listen = \"udp:[::]\" } | sockets.main.listen: udp:[::] (expected: an address, or a block with listen and advertise, because peers need an address to send to)",
                "main { listen = \"udp:127.0.0.1\", advertise = \"a:0\" } | sockets.main.advertise: a:0 (expected: host or host:port)",
                "main { listen = \"udp:127.0.0.1\", advertise = \"u@a\" } | sockets.main.advertise: u@a (expected: host or host:port)",
                "main { listen = \"udp:127.0.0.1\", advertise = \"a;lr\" } | sockets.main.advertise: a;lr (expected: host or host:port)",
                "main { listen = \"udp:127.0.0.1\", tell = x } | sockets.main.tell: an unknown key (expected: one of the keys listen, advertise, proxy_protocol)",
                "main { listen = \"udp:127.0.0.1\", proxy_protocol.from = \"10.0.0.0/8\" } | sockets.main.proxy_protocol.from: udp:127.0.0.1:5060 (expected: a tcp, tls, ws or wss socket)",
                "main { listen = \"tcp:127.0.0.1\", proxy_protocol {} } | sockets.main.proxy_protocol.from: nothing (expected: a list of texts)",
                "main { listen = \"tcp:127.0.0.1\", proxy_protocol { from = [] } } | sockets.main.proxy_protocol.from: nothing (expected: the addresses of the proxies, such as [\"10.0.0.0/8\"])",
                "main { listen = \"tcp:127.0.0.1\", proxy_protocol { from = [lb1.example.com] } } | sockets.main.proxy_protocol.from[0]: lb1.example.com (expected: an address block such as 10.1.0.0/16 or 2001:db8::/32)",
                "main { listen = \"tcp:127.0.0.1\", proxy_protocol { from = [\"10.0.0.0/8\"], send = on } } | sockets.main.proxy_protocol.send: an unknown key (expected: one of the keys from)",
                "main {} | sockets.main.listen: nothing (expected: a text)",
                "a = \"udp:127.0.0.1\", b = \"udp:127.0.0.1:5060\" | sockets.b: udp:127.0.0.1:5060 (expected: an address that no other socket has)",
                "\"1st\" = \"udp:127.0.0.1\" | sockets.1st: 1st (expected: a name of letters, digits, - and _)",
            })
    void everyOtherMistakeIsReportedInOneLine(String text, String message) {
        assertRefused(text, message);
    }

    @Test
    void aNodeHasOneToSixtyFourSockets() {
        assertRefused("", "sockets: 0 sockets (expected: 1 to 64)");
        assertRefused(many(65), "sockets: 65 sockets (expected: 1 to 64)");
        assertThat(read(many(64)).all()).hasSize(64);
    }

    private static String many(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "s" + i + " = \"udp:127.0.0.1:" + (6000 + i) + "\"")
                .collect(Collectors.joining("\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a.example\\\" \\\"b.example",
                "a.example b.example",
                "a.example:5060",
                "sip:a.example",
                "a@b",
                ""
            })
    void anAliasThatIsNoHostNameIsRefused(String alias) {
        String sockets = "sockets.main = \"udp:127.0.0.1:5060\"\naliases = [\"" + alias + "\"]";

        assertThatThrownBy(() -> SocketSettings.from(Section.root(ConfigFactory.parseString(sockets))))
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith("aliases: ")
                .hasMessageEndingWith(" (expected: a host name or an IP address, without a port)");
    }

    @Test
    void namesAndAddressesAreAliases() {
        String sockets = "sockets.main = \"udp:127.0.0.1:5060\"\naliases = [A.example, 192.0.2.1, \"[2001:db8::1]\"]";

        assertThat(SocketSettings.from(Section.root(ConfigFactory.parseString(sockets)))
                        .own(SipUri.parse("sip:a.EXAMPLE")))
                .isNotNull();
    }

    private static void assertRefused(String sockets, String message) {
        assertThatThrownBy(() -> read(sockets))
                .isInstanceOf(SettingException.class)
                .hasMessage(message);
    }

    private static ListenSocket only(String sockets) {
        assertThat(read(sockets).all()).hasSize(1);
        return read(sockets).all().get(0);
    }

    private static ListenSockets read(String sockets) {
        return SocketSettings.from(
                Section.root(ConfigFactory.parseString("sockets {\n" + sockets + "\n}\naliases = []")));
    }
}
