package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import akka.util.ByteString;
import com.sun.management.ThreadMXBean;
import com.typesafe.config.ConfigFactory;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.agents.Certificates;
import org.sipdispatch.observation.TlsFailure;
import org.sipdispatch.settings.Section;
import org.sipdispatch.tls.ExpectedServer;
import org.sipdispatch.tls.TlsContexts;
import org.sipdispatch.tls.TlsDomains;
import org.sipdispatch.transaction.SendFailure;

/** Two TLS stages, connected without a network. */
class TlsStageTest {
    private static final String SERVER = "server.example.com";
    private static final long TIMEOUT_MS = 10_000;

    @TempDir
    static Path directory;

    private static Certificates certificates;

    @BeforeAll
    static void makeCertificates() {
        assumeTrue(Certificates.canBeMade(), "no openssl here to make certificates with");
        certificates = new Certificates(directory);
        certificates.authority("ca");
        certificates.authority("other");
        certificates.signed("server", "DNS:" + SERVER, "ca", "", "-days 2");
        certificates.signed("stranger", "DNS:" + SERVER, "other", "", "-days 2");
        certificates.signed("client", "URI:sip:client.example.com", "ca", "extendedKeyUsage=clientAuth", "-days 2");
        certificates.signed("public", "DNS:client.example.com", "ca", "extendedKeyUsage=serverAuth", "-days 2");
        certificates.signed("signer", "DNS:client.example.com", "ca", "extendedKeyUsage=codeSigning", "-days 2");
        certificates.signed("expired", "DNS:" + SERVER, "ca", "", "-days -1");
    }

    /** One end of the connection. */
    private static final class End implements StreamStage.StreamListener, TlsStage.HandshakeListener {
        private final ByteArrayOutputStream received = new ByteArrayOutputStream();
        private final List<TlsFailure> failures = new ArrayList<>();
        private final List<String> events = new ArrayList<>();
        private final Deque<Runnable> tasks = new ArrayDeque<>();
        private boolean tasksWait;
        private TlsStage stage;
        private SSLEngine engine;

        private static End of(SSLEngine engine) {
            End end = new End();
            end.engine = engine;
            end.stage = new TlsStage(engine, new TlsBuffers(), TIMEOUT_MS, end, end);
            return end;
        }

        @Override
        public void arrived(byte[] bytes) {
            received.writeBytes(bytes);
        }

        @Override
        public void writable() {}

        @Override
        public void ended(SendFailure why) {
            events.add(why == null ? "ended" : why.text());
        }

        @Override
        public void offLane(Runnable work, Runnable then) {
            tasks.add(() -> {
                work.run();
                then.run();
            });
            if (!tasksWait) {
                tasks.poll().run();
            }
        }

        @Override
        public void completed(SSLEngine done) {
            events.add("completed");
        }

        @Override
        public void failed(TlsFailure why, String detail) {
            failures.add(why);
        }

        private String text() {
            return received.toString(StandardCharsets.ISO_8859_1);
        }
    }

    private End client;
    private End server;

    private static String pem(String side, String name) {
        return "certificate = \"" + certificates.file(name + ".pem") + "\", private_key = \""
                + certificates.file(name + ".key") + "\"\n";
    }

    private static TlsContexts contexts(String servers, String clients) {
        String ca = "ca_list = \"" + certificates.file("ca.pem") + "\"\n";
        return TlsContexts.load(TlsDomains.from(Section.root(ConfigFactory.parseString("tls { server_domains.default { "
                                + ca + servers + " }, client_domains.default { " + ca + clients + " } }")
                        .withFallback(ConfigFactory.defaultReference().resolve().getConfig("sip-dispatcher")))
                .section("tls")));
    }

    private void connect(String servers, String clients) {
        TlsContexts contexts = contexts(servers, clients);
        connect(contexts, SERVER);
    }

    private void connect(TlsContexts contexts, String name) {
        client = End.of(contexts.client(null, new ExpectedServer(name, false), 5061));
        server = End.of(contexts.server("any"));
        client.stage.begin();
        server.stage.begin();
    }

    /** Passes all output to the other side, in pieces of this size. */
    private void exchange(int size) {
        while (client.stage.hasOutput() || server.stage.hasOutput()) {
            pass(client, server, size);
            pass(server, client, size);
        }
    }

    private static void pass(End from, End to, int size) {
        deliver(from.stage.write(ByteString.emptyByteString()), to, size);
    }

    private static void deliver(ByteString all, End to, int size) {
        byte[] bytes = all.toArray();
        for (int i = 0; i < bytes.length; i += size) {
            to.stage.received(java.util.Arrays.copyOfRange(bytes, i, Math.min(bytes.length, i + size)));
        }
    }

    private static void send(End from, End to, byte[] message, int size) {
        deliver(from.stage.write(ByteString.fromArray(message)), to, size);
    }

    @ParameterizedTest
    @CsvSource({"TLSv1_2, 1", "TLSv1_2, 100000", "TLSv1_3, 1", "TLSv1_3, 100000"})
    void messagesPassBothWaysInPiecesOfAnySize(String method, int size) {
        connect(pem("server", "server") + "tls_method = " + method, "");

        exchange(size);
        send(client, server, "OPTIONS".getBytes(StandardCharsets.ISO_8859_1), size);
        send(server, client, "200 OK".getBytes(StandardCharsets.ISO_8859_1), size);

        assertThat(client.stage.isOpen()).isTrue();
        assertThat(server.text()).isEqualTo("OPTIONS");
        assertThat(client.text()).isEqualTo("200 OK");
        assertThat(server.events).containsExactly("completed");
    }

    @Test
    void aMessageLargerThanManyRecordsArrivesUnchanged() {
        connect(pem("server", "server"), "");
        exchange(4_000);
        byte[] message = new byte[300_000];
        new Random(1).nextBytes(message);

        send(client, server, message, 1_000);

        assertThat(server.received.toByteArray()).isEqualTo(message);
        assertThat(server.stage.held()).isZero();
    }

    /** Otherwise a client could keep a lane busy with tiny records. */
    @Test
    void thousandsOfRecordsThatArriveTogetherAreNotCopiedAgainForEach() {
        connect(pem("server", "server"), "");
        exchange(100_000);
        ByteArrayOutputStream sealed = new ByteArrayOutputStream();
        for (int i = 0; i < 5_000; i++) {
            sealed.writeBytes(
                    client.stage.write(ByteString.fromArray(new byte[1])).toArray());
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();

        server.stage.received(sealed.toByteArray());

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(100_000_000);
        assertThat(server.received.size()).isEqualTo(5_000);
        assertThat(server.stage.held()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1_2", "TLSv1_3"})
    void theEndOfTheStreamIsAnnouncedAndAnswered(String method) {
        connect(pem("server", "server") + "tls_method = " + method, "");
        exchange(100_000);

        client.stage.close();
        exchange(100_000);

        assertThat(server.events).containsExactly("completed", "ended");
        assertThat(client.stage.isOpen()).isFalse();
        assertThat(server.failures).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "server, other.example.com, WRONG_NAME",
        "stranger, server.example.com, UNKNOWN_CA",
        "expired, server.example.com, EXPIRED"
    })
    void aServerThatIsNotTheExpectedOneIsRefused(String certificate, String name, TlsFailure expected) {
        connect(contexts(pem("server", certificate), ""), name);

        exchange(100_000);

        assertThat(client.failures).containsExactly(expected);
        assertThat(client.events).containsExactly("tls_failed");
        assertThat(server.failures).containsExactly(TlsFailure.REFUSED_BY_PEER);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            client   |                                                    | none
            ''       |                                                    | NO_CLIENT_CERTIFICATE
            stranger |                                                    | UNKNOWN_CA
            expired  |                                                    | EXPIRED
            client   | accepted_names = [sbc.example.com]                 | WRONG_NAME
            client   | accepted_names = [a.example.com, client.example.com] | none
            public   |                                                    | BAD_CERTIFICATE
            public   | require_client_usage = off                         | none
            signer   | require_client_usage = off                         | BAD_CERTIFICATE
            """)
    void aClientThatIsNotAcceptedIsRefusedWithItsReason(String certificate, String settings, String expected) {
        connect(
                pem("server", "server") + "verify_cert = on, require_cert = on\n" + (settings == null ? "" : settings),
                certificate.isEmpty() ? "" : pem("client", certificate));

        exchange(100_000);

        if (expected.equals("none")) {
            assertThat(server.failures).isEmpty();
            assertThat(server.stage.isOpen()).isTrue();
        } else {
            assertThat(server.failures).containsExactly(TlsFailure.valueOf(expected));
            assertThat(client.failures).containsExactly(TlsFailure.REFUSED_BY_PEER);
        }
    }

    @Test
    void aClientWithoutACertificateIsAcceptedIfNoneIsRequired() {
        connect(pem("server", "server") + "verify_cert = on", "");

        exchange(100_000);

        assertThat(server.stage.isOpen()).isTrue();
    }

    @Test
    void peersWithoutACommonVersionFailWithThatReason() {
        connect(pem("server", "server") + "tls_method = TLSv1_3", "tls_method = TLSv1_2");

        exchange(100_000);

        assertThat(server.failures).containsExactly(TlsFailure.PROTOCOL_MISMATCH);
        assertThat(client.failures).containsExactly(TlsFailure.REFUSED_BY_PEER);
    }

    @Test
    void aRequestWithoutTlsIsRecognised() {
        connect(pem("server", "server"), "");

        server.stage.received("OPTIONS sip:a@h SIP/2.0\r\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(server.failures).containsExactly(TlsFailure.NOT_TLS);
        assertThat(server.events).containsExactly("tls_failed");
    }

    @Test
    void aConnectionThatClosesInTheHandshakeIsAFailureOfTls() {
        connect(pem("server", "server"), "");

        assertThat(client.stage.closed()).isEqualTo(SendFailure.TLS_FAILED);
        assertThat(client.failures).containsExactly(TlsFailure.CLOSED);
    }

    @Test
    void aHandshakeThatTakesTooLongIsGivenUp() {
        connect(pem("server", "server"), "");

        server.stage.checkTimeout(TIMEOUT_MS - 1);
        assertThat(server.failures).isEmpty();
        server.stage.checkTimeout(TIMEOUT_MS);

        assertThat(server.failures).containsExactly(TlsFailure.HANDSHAKE_TIMEOUT);
        assertThat(server.events).containsExactly("tls_failed");
    }

    @Test
    void nothingTouchesTheEngineWhileItsTasksRun() {
        connect(pem("server", "server"), "");
        server.tasksWait = true;
        pass(client, server, 100_000);

        assertThat(server.stage.isBusy()).isTrue();
        server.stage.received(new byte[0]);
        server.tasks.poll().run();
        server.tasksWait = false;
        exchange(100_000);

        assertThat(server.stage.isOpen()).isTrue();
    }

    @Test
    void aClientThatRenegotiatesIsRefused() throws SSLException {
        connect(pem("server", "server") + "tls_method = TLSv1_2", "");
        exchange(100_000);
        client.engine.beginHandshake();
        java.nio.ByteBuffer hello = java.nio.ByteBuffer.allocate(20_000);
        client.engine.wrap(java.nio.ByteBuffer.allocate(0), hello);

        server.stage.received(java.util.Arrays.copyOf(hello.array(), hello.position()));

        assertThat(server.failures).containsExactly(TlsFailure.RENEGOTIATION);
        assertThat(server.events).containsExactly("completed", "unreachable");
    }

    @Test
    void aSecondConnectionResumesTheSession() {
        TlsContexts contexts = contexts(pem("server", "server"), "");
        connect(contexts, SERVER);
        exchange(100_000);
        long created = client.engine.getSession().getCreationTime();

        connect(contexts, SERVER);
        exchange(100_000);

        assertThat(client.engine.getSession().getCreationTime()).isEqualTo(created);
        assertThat(server.stage.isOpen()).isTrue();
    }

    @Test
    void aClientThatNamesTheProtocolGetsItConfirmed() {
        connect(pem("server", "server"), "");
        javax.net.ssl.SSLParameters parameters = client.engine.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2", "sip"});
        connectWith(parameters);

        exchange(100_000);

        assertThat(client.engine.getApplicationProtocol()).isEqualTo("sip");
    }

    private void connectWith(javax.net.ssl.SSLParameters parameters) {
        TlsContexts contexts = contexts(pem("server", "server"), "");
        SSLEngine engine = contexts.client(null, new ExpectedServer(SERVER, false), 5061);
        engine.setSSLParameters(parameters);
        client = End.of(engine);
        server = End.of(contexts.server("any"));
        client.stage.begin();
        server.stage.begin();
    }
}
