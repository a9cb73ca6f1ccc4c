package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipdispatch.agents.Certificates;
import org.sipdispatch.agents.Dnsmasq;
import org.sipdispatch.agents.OpenSslPeer;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.agents.Requests;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.agents.TeamsServer;
import org.sipdispatch.agents.UdpPeer;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipResponse;

/** A node with {@code conf/teams.conf} between a PBX over UDP and servers that behave as those of Microsoft Teams. */
@Timeout(180)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TeamsTest {
    private static final String SBC = "sbc.example.com";
    private static final int TEAMS_PORT = Ports.next();
    private static final InetSocketAddress OUTSIDE = Ports.freeAddress("127.0.0.1");
    private static final InetSocketAddress INSIDE = Ports.freeAddress("127.0.0.1");

    @TempDir
    static Path directory;

    private static final List<AutoCloseable> OPEN = new ArrayList<>();
    private static UdpPeer pbx;
    private static TeamsServer sip;
    private static TeamsServer sip2;
    private static TeamsServer sip3;
    private static NodeProcess node;

    private static <T extends AutoCloseable> T closing(T one) {
        OPEN.add(one);
        return one;
    }

    @BeforeAll
    static void start() throws IOException {
        Assumptions.assumeTrue(Certificates.canBeMade(), "no openssl here to make certificates with");
        Dnsmasq.assumePresent();
        Certificates certificates = new Certificates(directory);
        certificates.authority("ca");
        certificates.signed("sbc", "DNS:" + SBC, "ca", "", "-days 30");
        certificates.signed(
                "teams",
                "DNS:sip.pstnhub.microsoft.com,DNS:*.pstnhub.microsoft.com",
                "ca",
                "extendedKeyUsage=serverAuth",
                "-days 30");
        Dnsmasq names = closing(new Dnsmasq());
        names.start(
                "--host-record=sip.pstnhub.microsoft.com,127.0.0.31",
                "--host-record=sip2.pstnhub.microsoft.com,127.0.0.32",
                "--host-record=sip3.pstnhub.microsoft.com,127.0.0.33",
                "--host-record=" + TeamsServer.WITHIN_CALLS + ",127.0.0.32");
        // The last three digits of the number are the answer of the first server.
        sip = teams("127.0.0.31", TeamsTest::lastDigits, certificates);
        sip2 = teams("127.0.0.32", invite -> 200, certificates);
        sip3 = teams("127.0.0.33", invite -> 200, certificates);
        pbx = closing(UdpPeer.answering("127.0.0.21", 200));
        node = closing(NodeProcess.begin(options(names), configuration(certificates)));
        node.awaitListening();
    }

    private static int lastDigits(SipRequest invite) {
        return Integer.parseInt(invite.requestUri().toString().replaceFirst(".*(\\d{3})@.*", "$1"));
    }

    private static TeamsServer teams(String host, ToIntFunction<SipRequest> inviteCode, Certificates certificates) {
        return closing(new TeamsServer(
                new InetSocketAddress(host, TEAMS_PORT),
                SBC,
                inviteCode,
                List.of(
                        "-cert",
                        certificates.file("teams.pem"),
                        "-key",
                        certificates.file("teams.key"),
                        "-CAfile",
                        certificates.file("ca.pem"),
                        "-Verify",
                        "2",
                        "-verify_return_error",
                        "-tls1_2")));
    }

    private static List<String> options(Dnsmasq names) {
        List<String> options = new ArrayList<>(NodeArchive.options());
        options.add(0, "-Ddns.server=127.0.0.1:" + names.address().getPort());
        return options;
    }

    /** The file as it is, with other addresses, ports and certificates. */
    private static String configuration(Certificates certificates) throws IOException {
        String list = Files.readString(Path.of("conf/teams.list"));
        assertThat(list).contains(".com:5061;", "127.0.0.21:5060");
        Path changed = Files.writeString(
                directory.resolve("teams.list"),
                list.replace(".com:5061;", ".com:" + TEAMS_PORT + ";")
                        .replace("127.0.0.21:5060", SipText.hostPort(pbx.address())));
        return """
                include file("%1$s")
                teams { certificate = "%2$s", private-key = "%3$s", networks = "127.0.0.31" }
                sip-dispatcher {
                  sockets {
                    teams { listen = "tls:%5$s", advertise = "%8$s:%6$d" }
                    inside = "udp:%7$s"
                  }
                  tls { server_domains.teams.ca_list = "%4$s", client_domains.default.ca_list = "%4$s" }
                  partitions.default.db_url = "file:%9$s"
                  probing.ds_ping_interval = 1
                  management.port = 0
                }
                """.formatted(
                        Path.of("conf/teams.conf").toAbsolutePath(),
                        certificates.file("sbc.pem"),
                        certificates.file("sbc.key"),
                        certificates.file("ca.pem"),
                        SipText.hostPort(OUTSIDE),
                        OUTSIDE.getPort(),
                        SipText.hostPort(INSIDE),
                        SBC,
                        changed);
    }

    @AfterAll
    static void closeAll() throws Exception {
        for (int i = OPEN.size() - 1; i >= 0; i--) {
            OPEN.get(i).close();
        }
    }

    private static void assertNoComplaints() {
        assertThat(List.of(sip, sip2, sip3))
                .allSatisfy(server -> assertThat(server.complaints()).isEmpty());
    }

    /** A connection that Teams has opened. */
    private static OpenSslPeer fromTeams() {
        return from("127.0.0.31");
    }

    private static OpenSslPeer from(String address) {
        return closing(OpenSslPeer.connected(
                OUTSIDE,
                (peer, request) -> peer.send(SipText.response(request, 200, "teams")),
                "-cert",
                directory.resolve("teams.pem").toString(),
                "-key",
                directory.resolve("teams.key").toString(),
                "-bind",
                address,
                "-tls1_2"));
    }

    @Test
    void optionsGoBothWays() {
        for (TeamsServer server : List.of(sip, sip2, sip3)) {
            Awaitility.await()
                    .atMost(30, TimeUnit.SECONDS)
                    .until(() -> server.peer().requests("OPTIONS").size() >= 2);
            SipRequest ping = server.peer().requests("OPTIONS").get(0);
            assertThat(ping.text(HeaderName.FROM)).startsWith("<sip:" + SBC + ">;tag=");
            assertThat(ping.text(HeaderName.CONTACT))
                    .isEqualTo("<sip:" + SBC + ":" + OUTSIDE.getPort() + ";transport=tls>");
        }
        assertNoComplaints();
        OpenSslPeer teams = fromTeams();
        String call = Requests.newCall();
        teams.send(Requests.tls(new InetSocketAddress("127.0.0.31", TEAMS_PORT))
                .of("OPTIONS", call)
                .replaceFirst("sip:callee@example.com", "sip:" + SBC + ":" + OUTSIDE.getPort() + ";transport=tls"));
        assertThat(teams.awaitResponse(200, "OPTIONS", call)).isNotNull();
    }

    private static String bye(SipRequest invite, SipResponse answer, String via) {
        StringBuilder routes = new StringBuilder();
        SipText.values(invite, HeaderName.RECORD_ROUTE)
                .forEach(value -> routes.append("Route: ").append(value).append("\r\n"));
        return "BYE " + invite.text(HeaderName.CONTACT).replaceAll("[<>]", "") + " SIP/2.0\r\nVia: SIP/2.0/" + via
                + ";branch=z9hG4bKbye" + Requests.newCall() + "\r\n" + routes + "From: " + answer.text(HeaderName.TO)
                + "\r\nTo: " + answer.text(HeaderName.FROM) + "\r\nCall-ID: " + SipText.callId(invite)
                + "\r\nCSeq: 7 BYE\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n";
    }

    @ParameterizedTest
    @CsvSource({"503, 200", "504, 200", "408, 200", "486, 486", "404, 404", "603, 603"})
    void onlyFailuresOfTheServerLeadToTheNextOne(int first, int answer) {
        String call = Requests.newCall();

        pbx.send(
                INSIDE,
                Requests.udp(pbx.address()).of("INVITE", call).replaceFirst("sip:callee@", "sip:+4930" + first + "@"));

        assertThat(pbx.awaitResponse(answer, "INVITE", call)).isNotNull();
        assertThat(sip.peer().awaitRequest("INVITE", call)).isNotNull();
        assertThat(sip2.peer().requests("INVITE").stream()
                        .anyMatch(one -> SipText.callId(one).equals(call)))
                .isEqualTo(answer == 200);
        assertNoComplaints();
    }

    @Test
    void aCallOfThePbxGoesToTheSecondServerAndEitherSideHangsUp() {
        Requests requests = Requests.udp(pbx.address());
        String call = Requests.newCall();

        pbx.send(INSIDE, requests.of("INVITE", call).replaceFirst("sip:callee@", "sip:+4930503@"));
        SipResponse answer = pbx.awaitResponse(200, "INVITE", call);
        pbx.send(INSIDE, requests.inDialog("ACK", answer));

        assertThat(sip.peer().awaitRequest("INVITE", call).requestUri().toString())
                .startsWith("sip:+4930503@sip.pstnhub.microsoft.com:" + TEAMS_PORT);
        SipRequest invite = sip2.peer().awaitRequest("INVITE", call);
        assertThat(invite.requestUri().toString()).startsWith("sip:+4930503@sip2.pstnhub.microsoft.com:" + TEAMS_PORT);
        assertThat(sip2.peer().awaitRequest("ACK", call)).isNotNull();
        assertThat(sip3.peer().requests("INVITE"))
                .noneMatch(one -> SipText.callId(one).equals(call));
        assertNoComplaints();
        sip2.peer().send(bye(invite, answer, "TLS 127.0.0.32:" + TEAMS_PORT));
        assertThat(pbx.awaitRequest("BYE", call)).isNotNull();
        assertThat(sip2.peer().awaitResponse(200, "BYE", call)).isNotNull();
        pbx.send(INSIDE, requests.inDialog("BYE", answer));
        assertThat(sip2.peer().awaitRequest("BYE", call)).isNotNull();
        assertThat(pbx.awaitResponse(200, "BYE", call)).isNotNull();
    }

    @Test
    void aCallOfTeamsGoesToThePbxAndEitherSideHangsUp() {
        OpenSslPeer teams = fromTeams();
        Requests requests = Requests.tls(new InetSocketAddress("127.0.0.31", TEAMS_PORT));
        String call = Requests.newCall();
        String invite = requests.of("INVITE", call)
                .replaceFirst("sip:callee@example.com", "sip:+4930456@" + SBC + ":" + OUTSIDE.getPort())
                .replaceFirst("Contact: [^\r]*", sip2.contact());

        teams.send(invite);
        SipResponse answer = teams.awaitResponse(200, "INVITE", call);
        teams.send(requests.inDialog("ACK", answer));

        SipRequest received = pbx.awaitRequest("INVITE", call);
        assertThat(received.requestUri().toString()).isEqualTo("sip:+4930456@" + SipText.hostPort(pbx.address()));
        assertThat(pbx.awaitRequest("ACK", call)).isNotNull();
        assertThat(SipText.values(answer, HeaderName.RECORD_ROUTE))
                .anyMatch(value -> value.startsWith("<sip:" + SBC + ":"));
        pbx.send(INSIDE, bye(received, answer, "UDP " + SipText.hostPort(pbx.address())));
        assertThat(sip2.peer().awaitRequest("BYE", call)).isNotNull();
        assertThat(pbx.awaitResponse(200, "BYE", call)).isNotNull();
        teams.send(requests.inDialog("BYE", answer));
        assertThat(pbx.awaitRequest("BYE", call)).isNotNull();
        assertThat(teams.awaitResponse(200, "BYE", call)).isNotNull();
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void aServerThatCannotBeReachedIsFollowedByTheNextOne() {
        sip.close();
        String call = Requests.newCall();

        pbx.send(INSIDE, Requests.udp(pbx.address()).of("INVITE", call).replaceFirst("sip:callee@", "sip:+4930200@"));

        assertThat(pbx.awaitResponse(200, "INVITE", call)).isNotNull();
        assertThat(sip2.peer().awaitRequest("INVITE", call)).isNotNull();
        assertNoComplaints();
    }

    @Test
    void othersAreRefused() {
        UdpPeer stranger = closing(new UdpPeer("127.0.0.22"));
        String call = Requests.newCall();

        stranger.send(INSIDE, Requests.udp(stranger.address()).of("INVITE", call));

        assertThat(stranger.awaitResponse(403, "INVITE", call)).isNotNull();

        OpenSslPeer elsewhere = from("127.0.0.34");
        String other = Requests.newCall();
        elsewhere.send(
                Requests.tls(new InetSocketAddress("127.0.0.34", TEAMS_PORT)).of("INVITE", other));
        assertThat(elsewhere.awaitResponse(403, "INVITE", other)).isNotNull();
    }
}
