package org.sipdispatch.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.migrate.ScriptImport.Dialect;

/** The TLS domains of OpenSIPS, and what a block cannot express. */
class ScriptImportTlsTest {
    private static final String ROUTE =
            "\nroute { record_route(); if (!ds_select_dst(1, 4)) { send_reply(503, \"No\"); exit; } t_relay(); }";

    /** A domain for any listener that does not verify. */
    private static final String DOMAIN = """
            modparam("tls_mgm", "server_domain", "d")
            modparam("tls_mgm", "certificate", "[d]/d.pem")
            modparam("tls_mgm", "private_key", "[d]/d.key")
            modparam("tls_mgm", "verify_cert", "[d]0")
            modparam("tls_mgm", "require_cert", "[d]0")
            modparam("tls_mgm", "tls_method", "[d]TLSv1_2-TLSv1_3")
            """;

    private static ScriptImport.Imported of(String lines) {
        return ScriptImport.of(
                Dialect.OPENSIPS,
                "socket=udp:192.0.2.1:5060\nsocket=tls:192.0.2.1:5061\n" + lines + ROUTE,
                name -> null,
                new ScriptImport.Options("/etc/list", true));
    }

    private static ScriptImport.Imported with(String... parameters) {
        StringBuilder lines = new StringBuilder(DOMAIN);
        for (String parameter : parameters) {
            lines.append("modparam(\"tls_mgm\", ").append(parameter).append(")\n");
        }
        return of(lines.toString());
    }

    @Test
    void aDomainWithoutDifferencesIsCarriedOverAsAWhole() {
        ScriptImport.Imported imported = of(DOMAIN);

        assertThat(imported.conf()).contains("""
                  tls {
                    server_domains {
                      # server_domain d
                      default {
                        certificate = "/d.pem"
                        private_key = "/d.key"
                        verify_cert = off
                        require_cert = off
                      }
                    }
                  }
                """);
        assertThat(imported.isWhole()).as(imported.conf()).isTrue();
        assertThat(imported.counted()).startsWith("6 modparams: 5 carried over, 1 not needed; 2 socket lines: 2");
    }

    @Test
    void whatOpensipsDoesByDefaultIsWritten() {
        ScriptImport.Imported imported = of("""
                modparam("tls_mgm", "server_domain", "d")
                modparam("tls_mgm", "certificate", "[d]/d.pem")
                modparam("tls_mgm", "private_key", "[d]/d.key")
                modparam("tls_mgm", "ca_list", "[d]/ca.pem")
                """);

        assertThat(imported.conf())
                .contains(
                        "# By default OpenSIPS verifies the certificates of clients, and requires them.\n",
                        "verify_cert = on\n        require_cert = on\n")
                .contains("# differs here: server_domain d, which allows TLS 1.0 by default, because TLS 1.0 and 1.1");
    }

    @Test
    void clientsAreNotVerifiedWithTheAuthoritiesOfJavaUnseen() {
        ScriptImport.Imported imported = with("\"verify_cert\", \"[d]1\"", "\"ca_dir\", \"[d]/etc/ssl/certs\"");

        assertThat(imported.conf())
                .contains(
                        "\"tls.server_domains.default.ca_list: the script names no file of authorities; write those of"
                                + " the clients, because without any each certificate that Java's authorities signed for a client is"
                                + " accepted\"")
                .contains("[d]/etc/ssl/certs\") at line 10, because ca_list names files: write those of the directory");
        assertThat(imported.isWhole()).isFalse();
    }

    @Test
    void aRevocationListThatWasReadStopsTheStart() {
        String verified = with(
                        "\"verify_cert\", \"[d]1\"",
                        "\"ca_list\", \"[d]/ca.pem\"",
                        "\"crl_dir\", \"[d]/crl\"",
                        "\"crl_check_all\", \"[d]1\"")
                .conf();
        String open = with("\"crl_dir\", \"[d]/crl\"").conf();

        assertThat(verified)
                .contains("  unfinished = [\n    \"tls.server_domains.default.crl_dir: revocation lists are not read:")
                .contains("# not carried over: modparam(\"tls_mgm\", \"crl_check_all\", \"[d]1\")");
        assertThat(open)
                .doesNotContain("unfinished")
                .contains(
                        "# not needed here: modparam(\"tls_mgm\", \"crl_dir\", \"[d]/crl\") at line 9, because no list");
    }

    @Test
    void severalDomainsOfOneListenerAreOneBlockIfTheyAgree() {
        String second = """
                modparam("tls_mgm", "match_sip_domain", "[d]d.example.com")
                modparam("tls_mgm", "server_domain", "e")
                modparam("tls_mgm", "certificate", "[e]/e.pem")
                modparam("tls_mgm", "private_key", "[e]/e.key")
                modparam("tls_mgm", "tls_method", "[e]TLSv1_2-")
                modparam("tls_mgm", "verify_cert", "[e]0")
                """;
        ScriptImport.Imported same = of(DOMAIN + second);
        ScriptImport.Imported other = of(
                DOMAIN + second.replace("[e]0", "[e]1") + "modparam(\"tls_mgm\", \"ca_list\"," + " \"[e]/ca.pem\")\n");

        assertThat(same.conf())
                .contains("certificate = [ \"/e.pem\", \"/d.pem\" ]", "private_key = [ \"/e.key\", \"/d.key\" ]")
                .contains("# differs here: server_domain e; server_domain d, because a client's SNI selects by");
        assertThat(same.isWhole()).as(same.conf()).isTrue();
        assertThat(other.conf())
                .contains("\"tls.server_domains.default: server_domain d has another value of ca_list, require_cert,"
                        + " verify_cert, but a socket has one block; write it so that it suits all\"");
        assertThat(other.isWhole()).isFalse();
    }

    @Test
    void domainsInATableAreNamedWithWhatToDo() {
        ScriptImport.Imported imported = of("modparam(\"tls_mgm\", \"db_url\", \"mysql://o:secret@db/opensips\")\n"
                + "modparam(\"tls_mgm\", \"db_table\", \"tls\")\n");

        assertThat(imported.conf())
                .doesNotContain("secret", "tls:192.0.2.1:5061\"", "  tls {")
                .contains(
                        "# not carried over: socket=tls:192.0.2.1:5061, because its TLS domain is in a database;"
                                + " certificates are files here: write those of each row to files, and a block",
                        "\"db_table\", \"tls\") at line 4, because certificates are files here");
    }

    @Test
    void aSocketWithoutACertificateIsLeftOut() {
        assertThat(of("").conf())
                .contains("# not carried over: socket=tls:192.0.2.1:5061, because it needs a certificate in"
                        + " tls.server_domains, and the script names none with its key\n");
        assertThat(of("modparam(\"tls_mgm\", \"certificate\", \"/c.pem\")\n").conf())
                .contains("# not carried over: socket=tls:192.0.2.1:5061, because it needs a certificate")
                .contains(
                        "# not carried over: tls_mgm for listeners without a domain with certificate, because no socket"
                                + " above has TLS; a node that has none does not send over TLS either\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " because ",
            value = {
                "\"certificate\", \"[x]/x.pem\" because no server_domain or client_domain above has the name x",
                "\"match_sip_domain\", \"a.example\" because the name of a domain is expected before the value",
                "\"server_domain\", \"d=192.0.2.9:5061\" because there is a domain of that name already",
                "\"server_domain\", \"a b\" because a name is expected, or a name with an address and a port",
                "\"tls_method\", \"[d]TLSv1\" because TLS 1.0 and 1.1 are refused: peers need TLS 1.2 or 1.3",
                "\"tls_method\", \"[d]newest\" because it is no version of TLS",
                "\"ciphers_list\", \"[d]HIGH:!aNULL\" because it names no suite that Java has",
                "\"ciphers_list\", \"[d]ECDHE-RSA-AES256-GCM-SHA384:RC4-SHA\" because these are no suites that Java has:"
                        + " RC4-SHA; the others are carried over",
                "\"ec_curve\", \"[d]secp384r1\" because the curves are those of Java; -Djdk.tls.namedGroups=secp384r1 in",
                "\"client_tls_domain_avp\", \"dom\" because each destination names its block: tls_domain=NAME in its attrs",
                "\"client_sip_domain_avp\", \"sip\" because each destination names its block, and its certificate's name",
                "\"nonsense\", \"[d]1\" because there is no such setting",
                "\"ca_list\", \"$env(CA)\" because its value is in the environment of the other proxy"
            })
    void aLineThatCannotBeCarriedOverIsNamed(String parameter, String why) {
        ScriptImport.Imported imported = with(parameter);

        assertThat(imported.conf())
                .contains("# not carried over: modparam(\"tls_mgm\", " + parameter + ") at line 9, because " + why);
        assertThat(imported.counted()).contains(", 1 left; 2 socket lines");
        assertThat(imported.isWhole()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " because ",
            value = {
                "\"tls_library\", \"openssl\" because TLS is that of Java",
                "\"dh_params\", \"[d]/dh.pem\" because Java has parameters of its own for Diffie-Hellman",
                "\"db_mode\", \"0\" because domains are in the configuration",
                "\"tls_send_timeout\", \"200\" because connections never block"
            })
    void aLineThatIsNotNeededIsNamed(String parameter, String why) {
        ScriptImport.Imported imported = with(parameter);

        assertThat(imported.conf())
                .contains("# not needed here: modparam(\"tls_mgm\", " + parameter + ") at line 9, because " + why);
        assertThat(imported.isWhole()).as(imported.conf()).isTrue();
    }

    @Test
    void aDestinationsDomainIsNamedWithWhatItsRowsNeed() {
        ScriptImport.Imported imported = with(
                "\"client_domain\", \"sbc\"",
                "\"match_ip_address\", \"[sbc]192.0.2.9:5061\"",
                "\"ca_list\", \"[sbc]ca.pem\"",
                "\"tls_method\", \"[sbc]TLSv1_2\"");

        assertThat(imported.conf())
                .contains("      sbc {\n        ca_list = \"ca.pem\"\n        verify_cert = on\n        tls_method ="
                        + " \"TLSv1_2\"\n      }\n")
                .contains(
                        "# not carried over: client_domain sbc for 192.0.2.9:5061, because destinations name their block:"
                                + " write tls_domain=sbc into the attrs of those that it is for\n",
                        "# differs here: client_domain sbc, because a server's certificate must have the name of its"
                                + " destination too",
                        "# differs here: ca.pem, because a path that does not begin with / is one below");
    }

    @Test
    void aBlockDoesNotTakeFromDefaultWhatItsDomainDoesNotSay() {
        String conf = of(DOMAIN.replace("[d]", "").replace("modparam(\"tls_mgm\", \"server_domain\", \"d\")\n", "")
                        + """
                        modparam("tls_mgm", "ca_list", "/all.pem")
                        modparam("tls_mgm", "ciphers_list", "ECDHE-RSA-AES256-GCM-SHA384")
                        modparam("tls_mgm", "client_domain", "lab=192.0.2.9:5061")
                        modparam("tls_mgm", "verify_cert", "[lab]0")
                        modparam("tls_mgm", "tls_method", "[lab]TLSv1_3")
                        """)
                .conf();

        assertThat(conf).contains("""
                      # client_domain lab
                      # As in the script: any certificate is accepted, so that connections may lead to anyone.
                      lab {
                        verify_cert = off
                        tls_method = "TLSv1_3"
                        certificate = []
                        private_key = []
                        ca_list = []
                        ciphers_list = []
                      }
                """);
    }

    @Test
    void anOldDomainOfDestinationsWithoutAnAddressIsNotForAll() {
        String conf = of("""
                modparam("tls_mgm", "server_domain", "d=192.0.2.1:5061")
                modparam("tls_mgm", "certificate", "[d]/d.pem")
                modparam("tls_mgm", "private_key", "[d]/d.key")
                modparam("tls_mgm", "client_domain", "byname")
                modparam("tls_mgm", "verify_cert", "[byname]0")
                """).conf();

        assertThat(conf)
                .contains("      byname {\n", "write tls_domain=byname into the attrs")
                .doesNotContain("default {\n        verify_cert = off\n      }");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "127.0.0.1"})
    void aWildcardSocketUsesTheDomainOfItsPort(String host) {
        String conf = ScriptImport.of(
                        Dialect.OPENSIPS,
                        "socket=tls:" + host + ":5061 as 203.0.113.7\nsocket=tls:192.0.2.1:5071\n" + DOMAIN
                                + "modparam(\"tls_mgm\", \"match_ip_address\", \"[d]127.0.0.1:5061\")\n" + ROUTE,
                        name -> null,
                        new ScriptImport.Options("/etc/list", true))
                .conf();

        assertThat(conf)
                .contains("# not carried over: socket=tls:192.0.2.1:5071, because it needs a certificate")
                .contains("      default {\n        certificate = \"/d.pem\"");
    }

    @Test
    void portsAndTimesOfTransportsAreCarriedOver() {
        String conf = ScriptImport.of(
                        Dialect.OPENSIPS,
                        """
                        tcp_connection_lifetime=3600
                        tcp_connect_timeout = 800
                        tcp_max_connections=4096
                        tcp_max_msg_time=8
                        socket=tls:192.0.2.1
                        socket=ws:192.0.2.1
                        socket=tcp:192.0.2.1
                        modparam("proto_tls", "tls_port", 5062)
                        modparam("proto_ws", "ws_port", 8080)
                        modparam("proto_tcp", "tcp_port", 5070)
                        modparam("proto_tls", "tls_handshake_timeout", 2500)
                        """ + DOMAIN + ROUTE,
                        name -> null,
                        new ScriptImport.Options("/etc/list", true))
                .conf();

        assertThat(conf)
                .contains("\"tls:192.0.2.1:5062\"", "\"ws:192.0.2.1:8080\"", "\"tcp:192.0.2.1:5070\"")
                .contains("""
                          transport {
                            tls {
                              handshake-timeout = 2500ms
                            }
                            tcp {
                              idle-timeout = 3600s
                              connect-timeout = 800ms
                              max-connections = 4096
                              message-timeout = 8s
                            }
                          }
                        """);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " because ",
            value = {
                "\"proto_tls\", \"tls_handshake_timeout\", \"20\" because handshake-timeout is 100ms to 300s",
                "\"proto_tls\", \"tls_port\", \"tls\" because a port is expected",
                "\"proto_wss\", \"require_origin\", \"yes\" because no Origin is required",
                "\"proto_tls\", \"trace_on\", \"1\" because connections are not traced",
                "\"proto_tls\", \"tls_crlf_pingpong\", \"0\" because there is no such setting"
            })
    void aParameterOfATransportThatCannotBeCarriedOverIsNamed(String parameter, String why) {
        assertThat(of(DOMAIN + "modparam(" + parameter + ")\n").conf())
                .contains("# not carried over: modparam(" + parameter + ") at line 9, because " + why);
    }

    /** The script may be read without its files. */
    @Test
    void filesOfCertificatesAreNotRead() {
        Map<String, String> read = new HashMap<>();

        ScriptImport.of(
                Dialect.OPENSIPS,
                "socket=tls:192.0.2.1:5061\n" + DOMAIN + ROUTE,
                name -> read.put(name, name),
                new ScriptImport.Options("/etc/list", true));

        assertThat(read).isEmpty();
    }
}
