package org.sipdispatch.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.migrate.ScriptImport.Dialect;

/** The parameters and the tls.cfg of Kamailio, and its WebSocket. */
class KamailioTlsTest {
    private static final String START = """
            enable_tls=yes
            listen=udp:192.0.2.1:5060
            listen=tls:192.0.2.1:5061
            """;

    private static final String ROUTE =
            "\nrequest_route { record_route(); if (!ds_select_dst(\"1\", \"4\")) { send_reply(\"503\", \"No\"); exit; }"
                    + " t_relay(); }\n";

    private static final String CERTIFICATE = """
            modparam("tls", "certificate", "/etc/kamailio/c.pem")
            modparam("tls", "private_key", "/etc/kamailio/c.key")
            """;

    /** @param file the tls.cfg; null for none */
    private static ScriptImport.Imported of(String lines, String file) {
        return ScriptImport.of(
                Dialect.KAMAILIO,
                lines + ROUTE,
                name -> name.equals("tls.cfg") ? file : null,
                new ScriptImport.Options("/etc/list", true, null, "/etc/kamailio"));
    }

    private static ScriptImport.Imported ofFile(String file) {
        return of(START + "modparam(\"tls\", \"config\", \"/etc/other/tls.cfg\")\n", file);
    }

    @Test
    void withoutAFileTheParametersAreForBothDirections() {
        ScriptImport.Imported imported =
                of(START + CERTIFICATE + "modparam(\"tls\", \"tls_method\", \"TLSv1.2+\")\n", null);

        assertThat(imported.conf()).contains("""
                  tls {
                    server_domains {
                      # [server:default], by the parameters of tls
                      default {
                        certificate = "/etc/kamailio/c.pem"
                        private_key = "/etc/kamailio/c.key"
                        verify_cert = off
                        require_cert = off
                      }
                    }
                    client_domains {
                      # [client:default], by the parameters of tls
                      # By default Kamailio does not verify servers: any certificate is accepted, so that connections may lead to anyone.
                      default {
                        certificate = "/etc/kamailio/c.pem"
                        private_key = "/etc/kamailio/c.key"
                        verify_cert = off
                      }
                    }
                  }
                """);
        assertThat(imported.isWhole()).as(imported.conf()).isTrue();
        assertThat(imported.counted()).startsWith("3 modparams: 3 carried over; 2 socket lines: 2 carried over;");
    }

    @Test
    void withoutEnableTlsKamailioDoesNotListen() {
        ScriptImport.Imported imported = of(START.replace("enable_tls=yes\n", "") + CERTIFICATE, null);

        assertThat(imported.conf())
                .doesNotContain("  tls {")
                .contains(
                        "# not carried over: socket=tls:192.0.2.1:5061, because the script does not set enable_tls, so"
                                + " Kamailio does not listen there\n");
        assertThat(imported.counted()).startsWith("2 modparams: 0 carried over, 2 left;");
    }

    @Test
    void aFileReplacesTheParameters() {
        ScriptImport.Imported imported = of(
                START + CERTIFICATE + "modparam(\"tls\", \"config\", \"tls.cfg\")\n",
                "[Server:Default]\nMethod=TLSv1.2+\ncertificate=/f.pem\nprivate_key=/f.key\n");

        assertThat(imported.conf())
                .contains("certificate = \"/f.pem\"", "because the file of config replaces it")
                .doesNotContain("\"/etc/kamailio/c.pem\"\n")
                .contains("      # [client:default], which is not in the file\n");
        assertThat(imported.counted())
                .startsWith("3 modparams: 1 carried over, 2 not needed; 3 settings of tls.cfg: 3 carried over;");
    }

    @Test
    void aFileThatCannotBeReadLeavesTheSocketOut() {
        assertThat(ofFile(null).conf())
                .contains(
                        "# not carried over: modparam(\"tls\", \"config\", \"/etc/other/tls.cfg\") at line 4, because the"
                                + " file cannot be read here; put it beside the script, and import it again\n")
                .contains("# not carried over: socket=tls:192.0.2.1:5061, because its certificate is in"
                        + " /etc/other/tls.cfg, which cannot be read here\n");
    }

    @Test
    void linesOfTheFileThatCannotBeReadAreNamed() {
        ScriptImport.Imported imported = ofFile("""
                method = TLSv1.2
                [server:default]   # for all
                certificate = "/c #1.pem"
                private_key = /c.key
                colour = blue
                nonsense
                """);

        assertThat(imported.conf())
                .contains("certificate = \"/c #1.pem\"")
                .contains(
                        "# not carried over: method = TLSv1.2 at tls.cfg line 1, because no section of Kamailio has such a"
                                + " value\n",
                        "# not carried over: colour = blue at tls.cfg line 5, because no section of Kamailio has such a"
                                + " value\n",
                        "# not carried over: nonsense at tls.cfg line 6, because it cannot be read\n");
        assertThat(imported.counted()).contains("5 settings of tls.cfg: 2 carried over, 3 left;");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " becomes ",
            value = {
                "verify_certificate=no becomes off, off",
                "verify_certificate=yes becomes on, off",
                "require_certificate=yes becomes on, on",
                "verify_client=off becomes off, off",
                "verify_client=optional becomes on, off",
                "verify_client=on becomes on, on",
                "verify_client=optional_no_ca becomes off, off"
            })
    void clientsAreVerifiedAsThere(String line, String verifiedAndRequired) {
        String[] expected = verifiedAndRequired.split(", ");

        assertThat(ofFile("[server:default]\ncertificate=/c.pem\nprivate_key=/c.key\nca_list=/ca.pem\n" + line + "\n")
                        .conf())
                .contains("verify_cert = " + expected[0] + "\n        require_cert = " + expected[1] + "\n");
    }

    @Test
    void aCertificateThatIsNeverRefusedIsNotAskedFor() {
        assertThat(ofFile("[server:default]\ncertificate=/c.pem\nprivate_key=/c.key\nverify_client=optional_no_ca\n")
                        .conf())
                .contains("# not carried over: verify_client=optional_no_ca at tls.cfg line 4, because a certificate is"
                        + " verified or not asked for: none is asked for\n");
    }

    @Test
    void theSectionOfADestinationHasItsIdentifier() {
        String conf = ofFile("""
                        [server:default]
                        certificate = /c.pem
                        private_key = /c.key
                        [client:any]
                        server_name = sbc.example.com
                        [client:[2001:db8::1]:5061]
                        verify_certificate = yes
                        method = TLSv1.3
                        [client:192.0.2.9:5061]
                        server_id = default
                        crl = crl.pem
                        """).conf();

        assertThat(conf)
                .contains(
                        "      \"sbc.example.com\" {\n        verify_cert = off\n        verify_name = \"sbc.example.com\"\n",
                        "      \"2001-db8-1-5061\" {\n        verify_cert = on\n        tls_method = \"TLSv1_3\"\n",
                        "      default-of-script {\n")
                .contains(
                        "for [2001:db8::1]:5061, because destinations name their block: write"
                                + " tls_domain=2001-db8-1-5061 into",
                        ": verify_cert without ca_list, because without a file the authorities of Java count")
                .contains("# not needed here: crl = crl.pem at tls.cfg line 11, because no list is read with these");
    }

    @Test
    void aKeyInHardwareIsNamed() {
        assertThat(ofFile("[server:default]\ncertificate=/c.pem\nprivate_key=/engine:key\n")
                        .conf())
                .contains("# not carried over: socket=tls:192.0.2.1:5061, because it needs a certificate");
        assertThat(of(START + CERTIFICATE + "modparam(\"tls\", \"engine\", \"gem\")\n", null)
                        .conf())
                .contains("\"engine\", \"gem\") at line 6, because keys in hardware cannot be used");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " because ",
            value = {
                "\"tls\", \"tls_disable_compression\", \"1\" because it is about Kamailio's library",
                "\"tls\", \"session_cache\", \"1\" because sessions can be resumed for an hour",
                "\"tls\", \"renegotiation\", \"0\" because renegotiation is refused",
                "\"tls\", \"verify_depth\", \"9\" because up to 5 certificates may be between",
                "\"websocket\", \"keepalive_interval\", \"2\" because it is about Kamailio's processes",
                "\"websocket\", \"cors_mode\", \"2\" because browsers do not ask for it"
            })
    void aParameterThatIsNotNeededIsNamed(String parameter, String why) {
        assertThat(of(START + CERTIFICATE + "modparam(" + parameter + ")\n", null)
                        .conf())
                .contains("# not needed here: modparam(" + parameter + ") at line 6, because " + why);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " because ",
            value = {
                "\"tls\", \"renegotiation\", \"1\" because renegotiation is refused",
                "\"tls\", \"verify_depth\", \"1\" because up to 5 certificates may be between",
                "\"tls\", \"xavp_cfg\", \"tls\" because destinations select their block",
                "\"tls\", \"server_name\", \"a.example\" because each destination has its own name",
                "\"tls\", \"nonsense\", \"1\" because there is no such setting",
                "\"websocket\", \"keepalive_mechanism\", \"0\" because a client from which nothing arrives is pinged",
                "\"websocket\", \"keepalive_timeout\", \"0\" because ping-interval is 1s to 3600s",
                "\"websocket\", \"sub_protocols\", \"3\" because sip is the only sub-protocol; MSRP is not relayed"
            })
    void aParameterThatCannotBeCarriedOverIsNamed(String parameter, String why) {
        assertThat(of(START + CERTIFICATE + "modparam(" + parameter + ")\n", null)
                        .conf())
                .contains("not carried over: modparam(" + parameter + ") at line 6, because " + why);
    }

    private static String http(String conditions) {
        return START + "listen=tcp:192.0.2.1:80\nlisten=tls:192.0.2.1:443 name \"browsers\"\n" + CERTIFICATE
                + "event_route[xhttp:request] { " + conditions + " ws_handle_handshake(); }\n";
    }

    @Test
    void portsOfWebSocketAreThoseThatTheRouteCompares() {
        String conf = of(http("if ($Rp != 80 && $Rp != 443) { xhttp_reply(\"403\", \"No\", \"\", \"\"); exit; }"), null)
                .conf();

        assertThat(conf)
                .contains("\"tls:192.0.2.1:5061\"", "\"ws:192.0.2.1:80\"", "browsers = \"wss:192.0.2.1:443\"")
                .contains("# differs here: socket=tcp:192.0.2.1:80, because its port is one of WebSocket in")
                .doesNotContain("origins");
    }

    @Test
    void withoutPortsTheSocketsStayAndAreNamed() {
        assertThat(of(http(""), null).conf())
                .contains("\"tcp:192.0.2.1:80\"", "browsers = \"tls:192.0.2.1:443\"")
                .contains("# not carried over: WebSocket by ws_handle_handshake(), because a socket is for SIP or for");
    }

    @Test
    void pagesThatTheScriptAcceptsAreOrigins() {
        assertThat(of(http("if ($Rp != 443 || $hdr(Origin) != \"https://phone.example.com\") exit;"), null)
                        .conf())
                .contains("    websocket {\n      origins = [ \"https://phone.example.com\" ]\n    }\n");
    }

    @Test
    void aPatternOfPagesStopsTheStart() {
        assertThat(of(http("if ($Rp != 443 || $hdr(Origin) !~ \"example\") exit;"), null)
                        .conf())
                .contains(
                        "\"transport.websocket.origins: the script compares the Origin in another way than by != with a"
                                + " text before an exit; write the pages whose clients are accepted\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "if ($Rp == 80) { xhttp_reply(\"403\", \"No\", \"\", \"\"); exit; }",
                "if ($Rp == 80) { ws_handle_handshake(); exit; }",
                "if (!($Rp != 80)) exit;",
                "if ($Rp != 80) { ws_handle_handshake(); exit; }",
                "if ($Rp != 80) { route(WS); exit; }",
                "if ($Rp != 80) xlog(\"another port\");",
                "if ($Rp != 80) exit; if ($Rp == 80) exit;",
            })
    void aPortStaysWhereTheRouteDoesNotRefuseAllOthersAndTheStartStops(String conditions) {
        assertThat(of(http(conditions), null).conf())
                .contains("\"tcp:192.0.2.1:80\"", "browsers = \"tls:192.0.2.1:443\"")
                .contains(
                        "\"sockets: the script compares the port of WebSocket in another way than by != before an exit;")
                .doesNotContain("ws:192.0.2.1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "if ($hdr(Origin) == \"https://evil.example\") exit;",
                "if (!($hdr(Origin) != \"https://evil.example\")) exit;",
                "if ($hdr(Origin) != \"https://evil.example\") { ws_handle_handshake(); exit; }",
            })
    void aPageThatTheRouteRefusesIsNoneThatIsAcceptedAndTheStartStops(String conditions) {
        assertThat(of(http("if ($Rp != 443) exit;" + conditions), null).conf())
                .contains("\"transport.websocket.origins: the script compares the Origin in another way")
                .doesNotContain("evil");
    }
}
