package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.agents.EngineHandshake;
import org.sipdispatch.agents.NodeCertificates;
import org.sipdispatch.observation.TlsFailure;
import org.sipdispatch.settings.Section;
import org.sipdispatch.tls.ExpectedServer;
import org.sipdispatch.tls.TlsContexts;
import org.sipdispatch.tls.TlsDomains;

/** Sessions that live longer than a certificate. */
@Timeout(200)
class TlsResumptionTest {
    private static final String HOST = "peer.example.com";

    @TempDir
    private Path directory;

    private NodeCertificates authority;
    private TlsContexts contexts;
    private SSLEngine client;
    private SSLEngine server;

    @BeforeEach
    void makeAnAuthority() {
        authority = new NodeCertificates(directory, "ca");
    }

    private static String pair(Path files) {
        return "{ certificate = \"" + files + "/node.pem\", private_key = \"" + files + "/node.key\", ca_list = \""
                + files + "/ca.pem\" }\n";
    }

    private void load(Path ofServer, Path ofClient, String method) {
        contexts = TlsContexts.load(TlsDomains.from(Section.root(ConfigFactory.parseString(
                                "tls { server_domains.default = " + pair(ofServer)
                                        + "server_domains.default { verify_cert = on, require_cert = on, tls_method = "
                                        + method + " }, client_domains.default = " + pair(ofClient) + " }")
                        .withFallback(ConfigFactory.defaultReference().resolve().getConfig("sip-dispatcher")))
                .section("tls")));
    }

    /** Whether the handshake succeeds. */
    private boolean connects() {
        client = contexts.client(null, new ExpectedServer(HOST, false), 5061);
        server = contexts.server("any");
        try {
            EngineHandshake.run(client, server);
            return true;
        } catch (SSLException e) {
            return false;
        }
    }

    private static void assertExpired(org.assertj.core.api.ThrowableAssert.ThrowingCallable check) {
        assertThatThrownBy(check)
                .isInstanceOfSatisfying(
                        SSLException.class, e -> assertThat(TlsFailures.why(e)).isEqualTo(TlsFailure.EXPIRED));
    }

    @ParameterizedTest
    @CsvSource({"TLSv1_3, true", "TLSv1_3, false", "TLSv1_2, false"})
    void aPeerWhoseCertificateHasExpiredSinceIsRefusedWhenItResumes(String method, boolean isServer) {
        Path lasting = authority.node("lasting", HOST);

        authority.expired(HOST, expiring -> {
            load(isServer ? expiring : lasting, isServer ? lasting : expiring, method);
            return connects();
        });

        // A complete handshake would fail.
        assertThat(connects()).isTrue();
        if (isServer) {
            assertExpired(() -> contexts.checkServerOf(null, client.getSession()));
        } else {
            assertExpired(() -> contexts.clientOf("any", server.getSession()));
        }
    }

    @Test
    void aPeerWithAValidCertificateResumes() throws SSLException {
        load(authority.node("one", HOST), authority.node("two", HOST), "TLSv1_3");
        assertThat(connects()).isTrue();
        long created = client.getSession().getCreationTime();

        assertThat(connects()).isTrue();

        assertThat(client.getSession().getCreationTime()).isEqualTo(created);
        contexts.checkServerOf(null, client.getSession());
        assertThat(contexts.clientOf("any", server.getSession()).names()).containsExactly(HOST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1_2", "TLSv1_3"})
    void aDomainKeepsALimitedNumberOfSessionsForALimitedTime(String method) {
        load(authority.node("one", HOST), authority.node("two", HOST), method);
        assertThat(connects()).isTrue();

        for (SSLEngine each : new SSLEngine[] {client, server}) {
            assertThat(each.getSession().getSessionContext().getSessionCacheSize())
                    .isEqualTo(4_000);
            assertThat(each.getSession().getSessionContext().getSessionTimeout())
                    .isEqualTo(3_600);
        }
    }
}
