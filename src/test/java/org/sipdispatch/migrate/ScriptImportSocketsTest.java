package org.sipdispatch.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.sipdispatch.migrate.ScriptImport.Dialect;

/** A line of sockets or aliases may name several. */
class ScriptImportSocketsTest {
    private static ScriptImport.Imported of(Dialect dialect, String lines) {
        return ScriptImport.of(
                dialect,
                lines
                        + "\nroute { record_route(); if (!ds_select_dst(1, 4)) { send_reply(503, \"No\"); exit; } t_relay(); }",
                name -> null,
                new ScriptImport.Options("/etc/list", true));
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void eachAddressOfALineIsASocket(Dialect dialect) {
        ScriptImport.Imported imported = of(
                dialect,
                "listen=udp:192.0.2.1:5060 as 203.0.113.7:5060 tcp:192.0.2.1:5060 \"udp:192.0.2.2:5070\" sctp:192.0.2.3");

        assertThat(imported.conf())
                .contains("{ listen = \"udp:192.0.2.1:5060\", advertise = \"203.0.113.7:5060\" }")
                .contains("\"tcp:192.0.2.1:5060\"", "\"udp:192.0.2.2:5070\"")
                .contains("# not carried over: socket=sctp:192.0.2.3, because only UDP, TCP, TLS and WebSocket");
        assertThat(imported.counted()).contains("4 socket lines: 3 carried over, 1 left");
        assertThat(imported.isWhole()).isFalse();
    }

    @Test
    void socketsForWebSocketAreCarriedOverAndThoseOverTlsNeedACertificate() {
        ScriptImport.Imported imported = of(
                Dialect.OPENSIPS,
                "socket=udp:192.0.2.1:5060\nsocket=ws:192.0.2.1\nsocket=ws:192.0.2.1:8080\nsocket=wss:192.0.2.1:443");

        assertThat(imported.conf())
                .contains("\"ws:192.0.2.1:80\"", "\"ws:192.0.2.1:8080\"")
                .contains("# not carried over: socket=wss:192.0.2.1:443, because it needs a certificate in"
                        + " tls.server_domains, and the script names none with its key\n");
    }

    @Test
    void theWordsBehindAnAddressBelongToIt() {
        assertThat(of(
                                Dialect.OPENSIPS,
                                "socket=udp:192.0.2.1:5060 use_workers 4 anycast tag edge tcp:192.0.2.1:5061 frag")
                        .conf())
                .contains("edge = \"udp:192.0.2.1:5060\"", "tcp = \"tcp:192.0.2.1:5061\"")
                .doesNotContain("# not carried over");
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void eachNameOfALineIsAnAlias(Dialect dialect) {
        ScriptImport.Imported imported = of(
                dialect,
                "listen=udp:192.0.2.1:5060\nalias=\"bar.example.com\" \"baz.example.com\"\n"
                        + "alias=Qux udp:quux:5060\nalias=a%b");

        assertThat(imported.conf())
                .contains("aliases = [ \"bar.example.com\", \"baz.example.com\", \"qux\", \"quux\" ]")
                .contains("# not carried over: alias=a%b, because it is not a host name");
        assertThat(imported.counted()).contains("6 socket lines: 5 carried over, 1 left");
    }

    @Test
    void aSocketBehindLoadBalancersNeedsTheirAddresses() {
        ScriptImport.Imported imported = of(
                Dialect.OPENSIPS,
                "socket=tcp:192.0.2.1:5060 allow_proxy_protocol as 203.0.113.7:5060\nsocket=ws:192.0.2.1:80\n"
                        + "socket=ws:192.0.2.1:81 allow_proxy_protocol");

        assertThat(imported.conf())
                .contains("{ listen = \"tcp:192.0.2.1:5060\", advertise = \"203.0.113.7:5060\","
                        + " proxy_protocol { from = [] } }")
                .contains("ws = \"ws:192.0.2.1:80\"")
                .contains("{ listen = \"ws:192.0.2.1:81\", proxy_protocol { from = [] } }")
                .contains(
                        "\"sockets: socket=ws:192.0.2.1:81 allow_proxy_protocol takes connections from load balancers with"
                                + " the PROXY protocol; write their addresses into proxy_protocol.from\"");
        assertThat(imported.isWhole()).isFalse();
    }

    @Test
    void aHeaderThatIsSentOrThatComesOverUdpIsNamed() {
        assertThat(of(
                                Dialect.OPENSIPS,
                                "socket=tcp:192.0.2.1:5060 send_proxy_protocol\nsocket=udp:192.0.2.1:5060 allow_proxy_protocol")
                        .conf())
                .contains(
                        "# not carried over: socket=tcp:192.0.2.1:5060 send_proxy_protocol, because connections that this"
                                + " node opens have no header of the PROXY protocol")
                .contains(
                        "# not carried over: socket=udp:192.0.2.1:5060 allow_proxy_protocol, because UDP has no header")
                .doesNotContain("proxy_protocol {");
    }

    @ParameterizedTest
    @CsvSource({"yes, true", "1, true", "no, false", "0, false"})
    void allSocketsOfKamailioExceptUdpAreBehindLoadBalancers(String value, boolean accepts) {
        ScriptImport.Imported imported = of(
                Dialect.KAMAILIO,
                "tcp_accept_haproxy=" + value + "\nlisten=udp:192.0.2.1:5060\nlisten=tcp:192.0.2.1:5060");

        assertThat(imported.conf()).contains("\"udp:192.0.2.1:5060\"");
        assertThat(imported.conf().contains("{ listen = \"tcp:192.0.2.1:5060\", proxy_protocol { from = [] } }"))
                .isEqualTo(accepts);
        assertThat(imported.conf().contains("unfinished")).isEqualTo(accepts);
        assertThat(imported.conf().contains("# not needed here: tcp_accept_haproxy=" + value))
                .isNotEqualTo(accepts);
    }
}
