package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.sipdispatch.agents.EventSocketServer;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.e2e.Call.Request;
import org.sipdispatch.e2e.TestUserAgent.Received;
import org.sipdispatch.sip.SipRequest;

/** The rule files of {@code conf} do what their comments say. */
class RuleFilesTest {
    private static final String NUMBER = "sip:030123@dispatcher";
    private static final String INTERNATIONAL = "sip:+4930123@dispatcher";

    private static final TestUserAgent CALLER = TestUserAgent.udp();
    private static final List<TestUserAgent> GATEWAYS = List.of(TestUserAgent.udp(), TestUserAgent.udp());
    private static final int DEAD = Ports.next();
    private static final List<TestUserAgent> REGISTRARS = answering("127.0.0.11", "127.0.0.12", "127.0.0.13");
    private static final TestUserAgent PBX = TestUserAgent.udp(Ports.freeAddress("127.0.0.21"));
    private static final List<TestUserAgent> MEDIA = answering("127.0.0.11", "127.0.0.12");
    private static final List<TestUserAgent> NATIONAL = answering("127.0.0.31", "127.0.0.32");
    private static final List<TestUserAgent> FOREIGN = answering("127.0.0.41", "127.0.0.42");
    /** A carrier with a row in the set of the media servers, too. */
    private static final TestUserAgent MISPLACED = answering("127.0.0.43").get(0);

    private static final List<TestUserAgent> SERVERS = answering("127.0.0.1", "127.0.0.1", "127.0.0.1");
    private static final List<EventSocketServer> EVENT_SOCKETS = List.of(eventSocket(), eventSocket(), eventSocket());

    private static RuleFile balancer;
    private static RuleFile registrar;
    private static RuleFile carrier;
    private static RuleFile farm;

    private static List<TestUserAgent> answering(String... hosts) {
        return Stream.of(hosts)
                .map(host -> TestUserAgent.udp(Ports.freeAddress(host)).answeringPings())
                .toList();
    }

    private static EventSocketServer eventSocket() {
        try {
            return new EventSocketServer("auth ClueCon");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeAll
    static void start() {
        balancer = RuleFile.withList(
                "load-balancer",
                Map.of(
                        "127.0.0.1:5080", GATEWAYS.get(0).hostPort(),
                        "127.0.0.1:5090", GATEWAYS.get(1).hostPort(),
                        "127.0.0.1:5100", "127.0.0.1:" + DEAD),
                "");
        registrar = RuleFile.withList(
                "registrar",
                Map.of(
                        "127.0.0.11:5060", REGISTRARS.get(0).hostPort(),
                        "127.0.0.12:5060", REGISTRARS.get(1).hostPort(),
                        "127.0.0.13:5060", REGISTRARS.get(2).hostPort()),
                "");
        carrier = RuleFile.withList(
                "carrier",
                Map.of(
                        "127.0.0.11:5060", MEDIA.get(0).hostPort(),
                        "127.0.0.12:5060", MEDIA.get(1).hostPort(),
                        "127.0.0.21:5060", PBX.hostPort(),
                        "127.0.0.31:5060", NATIONAL.get(0).hostPort(),
                        "127.0.0.32:5060", NATIONAL.get(1).hostPort(),
                        "127.0.0.41:5060", FOREIGN.get(0).hostPort(),
                        "127.0.0.42:5060", FOREIGN.get(1).hostPort()),
                "12 sip:%1$s\n1 sip:%1$s\n".formatted(MISPLACED.hostPort()));
        Map<String, String> servers = new TreeMap<>(Map.of(
                "127.0.0.1:5080", SERVERS.get(0).hostPort(),
                "127.0.0.1:5090", SERVERS.get(1).hostPort(),
                "127.0.0.1:5100", SERVERS.get(2).hostPort()));
        for (int i = 0; i < EVENT_SOCKETS.size(); i++) {
            servers.put(
                    "fs://:ClueCon@127.0.0.1:" + (8021 + i),
                    EVENT_SOCKETS.get(i).url(":ClueCon").withPassword());
        }
        farm = RuleFile.withScript("media-servers", servers);
        Stream.of(balancer, registrar, carrier, farm).forEach(RuleFile::awaitListening);
    }

    @AfterAll
    static void close() {
        Stream.of(GATEWAYS, REGISTRARS, MEDIA, NATIONAL, FOREIGN, SERVERS, List.of(CALLER, PBX, MISPLACED))
                .flatMap(List::stream)
                .forEach(TestUserAgent::close);
        EVENT_SOCKETS.forEach(EventSocketServer::close);
        Stream.of(balancer, registrar, carrier, farm).filter(Objects::nonNull).forEach(RuleFile::close);
    }

    /** Waits until one of these has the request, without taking it. */
    private static TestUserAgent reached(Call call, String method, List<TestUserAgent> agents) {
        Awaitility.await().pollInterval(Duration.ofMillis(1)).until(() -> {
            return agents.stream().anyMatch(agent -> call.seenAt(agent, method) > 0);
        });
        return agents.stream()
                .filter(agent -> call.seenAt(agent, method) > 0)
                .findFirst()
                .orElseThrow();
    }

    private static TestUserAgent reached(Call call, List<TestUserAgent> agents) {
        return reached(call, "INVITE", agents);
    }

    private static List<TestUserAgent> others(List<TestUserAgent> agents, TestUserAgent one) {
        return agents.stream().filter(agent -> agent != one).toList();
    }

    /** The destination that takes a call, which ends again. */
    private static TestUserAgent taken(Call call, List<TestUserAgent> agents) {
        TestUserAgent one = reached(call, agents);
        call.takenBy(one).hangUpWith(one);
        return one;
    }

    private static void respond(TestUserAgent one, Received request, int code, String... headers) {
        one.send(request.from(), SipText.response((SipRequest) request.sip(), code, "callee", headers));
    }

    @Test
    void theLoadBalancerSpreadsCallsOverTheDestinationsThatAnswer() {
        List<TestUserAgent> used = IntStream.range(0, 6)
                .mapToObj(i -> taken(Call.to(NUMBER, CALLER, balancer.port), GATEWAYS))
                .toList();

        assertThat(GATEWAYS)
                .allSatisfy(
                        gateway -> assertThat(used).filteredOn(gateway::equals).hasSizeGreaterThanOrEqualTo(2));
    }

    @Test
    void theLoadBalancerTriesTheNextDestinationAfterA6xx() {
        Call call = Call.to(NUMBER, CALLER, balancer.port);
        TestUserAgent first = reached(call, GATEWAYS);

        call.refuseAt(first, 603);

        TestUserAgent second = others(GATEWAYS, first).get(0);
        call.takenBy(second).hangUpWith(second);
    }

    @Test
    void theLoadBalancerForwardsABusySignal() {
        Call call = Call.to(NUMBER, CALLER, balancer.port);
        TestUserAgent first = reached(call, GATEWAYS);

        call.refuseAt(first, 486);

        call.endsWith(486);
        assertThat(call.seenAt(others(GATEWAYS, first).get(0), "INVITE")).isZero();
    }

    @Test
    void theLoadBalancerAnswersAsTheScriptWhenAllDestinationsHaveFailed() {
        Call call = Call.to(NUMBER, CALLER, balancer.port);
        TestUserAgent first = reached(call, GATEWAYS);

        call.refuseAt(first, 603);
        call.refuseAt(others(GATEWAYS, first).get(0), 502);

        Received refusal = call.response(500);
        assertThat(refusal.toString()).startsWith("SIP/2.0 500 All GW are down\r\n");
        call.acknowledge(refusal);
    }

    @Test
    void theLoadBalancerAnswersAsTheScriptWithoutADestination() {
        List<String> rows = Stream.concat(GATEWAYS.stream().map(TestUserAgent::port), Stream.of(DEAD))
                .map(port -> "sip:127.0.0.1:" + port)
                .toList();
        rows.forEach(row -> balancer.command("hold", row));
        try {
            Received refusal = Call.to(NUMBER, CALLER, balancer.port).response(500);

            assertThat(refusal.toString()).startsWith("SIP/2.0 500 No Destination available\r\n");
        } finally {
            rows.forEach(row -> balancer.command("release", row));
        }
    }

    @Test
    void theLoadBalancerEndsACancelledCall() {
        Call call = Call.to(NUMBER, CALLER, balancer.port);
        TestUserAgent first = reached(call, GATEWAYS);
        Received invite = call.at(first, "INVITE");
        Call.answer(first, invite, 180);
        call.response(180);

        call.cancel();

        call.response(200, "CANCEL");
        respond(first, call.at(first, "CANCEL"), 200);
        Call.answer(first, invite, 487);
        call.at(first, "ACK");
        call.endsWith(487);
        assertThat(call.seenAt(others(GATEWAYS, first).get(0), "INVITE")).isZero();
    }

    @Test
    void theLoadBalancerRefusesWhatTheScriptRefuses() {
        Received notAllowed =
                Call.request("MESSAGE", NUMBER, CALLER, balancer.port).response(405);
        assertThat(notAllowed.sip().text("Allow")).contains("INVITE").doesNotContain("MESSAGE");

        Call.to("sip:dispatcher", CALLER, balancer.port).endsWith(484);

        Request unknown = new Request("BYE", NUMBER).to("<" + NUMBER + ">;tag=unknown");
        assertThat(Call.request(unknown, CALLER, balancer.port).response(404).toString())
                .startsWith("SIP/2.0 404 Not here\r\n");
    }

    private static Call registers(String user, String... headers) {
        String address = "sip:" + user + "@example.org";
        Request request =
                new Request("REGISTER", "sip:example.org").from(address).to("<" + address + ">");
        for (String header : headers) {
            request = request.with(header);
        }
        return Call.request(request, CALLER, registrar.port);
    }

    /** The registrar that accepts the request. */
    private static TestUserAgent accepted(Call call, String method) {
        TestUserAgent one = reached(call, method, REGISTRARS);
        respond(one, call.at(one, method), 200);
        call.response(200);
        return one;
    }

    @Test
    void theRegistrarFrontSendsCallsToTheRegistrarOfTheUser() {
        Set<Integer> used = new TreeSet<>();
        for (int i = 0; i < 10; i++) {
            TestUserAgent one = accepted(registers("user" + i), "REGISTER");
            used.add(one.port());

            Call call = Call.to("sip:user" + i + "@example.org", CALLER, registrar.port);
            assertThat(taken(call, REGISTRARS)).isSameAs(one);
            Call message = Call.request("MESSAGE", "sip:user" + i + "@example.org", CALLER, registrar.port);
            assertThat(accepted(message, "MESSAGE")).isSameAs(one);
        }
        assertThat(used).hasSizeGreaterThan(1);
    }

    @Test
    void theRegistrarFrontSendsCallsToNumbersOutsideToTheRegistrarOfTheCaller() {
        for (String user : List.of("anna", "bert", "carl", "dora")) {
            TestUserAgent one = accepted(registers(user), "REGISTER");

            for (String number : List.of(INTERNATIONAL, "tel:+4930123")) {
                Request outside = new Request("INVITE", number).from("sip:" + user + "@example.org");
                assertThat(taken(Call.request(outside, CALLER, registrar.port), REGISTRARS))
                        .isSameAs(one);
            }
        }
    }

    @Test
    void aUserStaysWithTheRegistrarThatAcceptedItAfterAFailure() {
        Call register = registers("emil");
        TestUserAgent first = reached(register, "REGISTER", REGISTRARS);
        respond(first, register.at(first, "REGISTER"), 503);
        TestUserAgent next = reached(register, "REGISTER", others(REGISTRARS, first));
        String challenge = "WWW-Authenticate: Digest realm=\"r\", nonce=\"n1\", opaque=\"o1\"";
        respond(next, register.at(next, "REGISTER"), 401, challenge);

        Call again = registers("emil", credentials(register.response(401), "WWW-Authenticate", "Authorization"));
        assertThat(reached(again, "REGISTER", REGISTRARS)).isSameAs(next);
        Received credentials = again.at(next, "REGISTER");
        assertThat(credentials.sip().text("Authorization")).contains("opaque=\"o1\"");
        respond(next, credentials, 200);
        again.response(200);

        Call call = Call.to("sip:emil@example.org", CALLER, registrar.port);
        assertThat(taken(call, REGISTRARS)).isSameAs(next);
        assertThat(accepted(registers("emil"), "REGISTER")).isSameAs(next);
    }

    /** The header line with which a client answers a challenge. */
    private static String credentials(Received challenged, String challenge, String credentials) {
        return credentials + ": " + challenged.sip().text(challenge).replace("realm", "username=\"u\", realm");
    }

    @Test
    void theRegistrarsCallToAUserFollowsThePathOfTheRegister() {
        Call register = registers("frida");
        TestUserAgent one = reached(register, "REGISTER", REGISTRARS);
        Received request = register.at(one, "REGISTER");
        respond(one, request, 200);
        register.response(200);
        Request alongPath = new Request("INVITE", "sip:frida@192.0.2.55:5099")
                .to("<sip:frida@example.org>")
                .with("Route: " + request.sip().text("Path"));

        Call call = Call.request(alongPath, one, registrar.port);

        Received invite = call.at(CALLER, "INVITE");
        assertThat(invite.toString()).startsWith("INVITE sip:frida@192.0.2.55:5099 SIP/2.0\r\n");
        Call.answer(CALLER, invite, 200);
        Dialog dialog = call.callerSide(call.response(200));
        dialog.send("ACK", 1);
        call.at(CALLER, "ACK");
        dialog.hangUpWith(CALLER);
    }

    @Test
    void aRegistrarsOwnCallDoesNotComeBackToTheRegistrars() {
        Call.to("sip:anna@example.org", REGISTRARS.get(0), registrar.port).endsWith(403);
    }

    @Test
    void callsOfCarriersGoToTheMediaServersWithTheNameOfTheCarriersSet() {
        Request request = new Request("INVITE", NUMBER).with("X-Carrier: forged");
        Set<TestUserAgent> used = new HashSet<>();
        for (int i = 0; i < 4; i++) {
            Call call = Call.request(request, FOREIGN.get(0), carrier.port);
            TestUserAgent first = reached(call, MEDIA);
            used.add(first);
            call.refuseAt(first, 500);

            TestUserAgent second = others(MEDIA, first).get(0);
            Received invite = call.at(second, "INVITE");
            assertThat(invite.toString().lines().filter(line -> line.startsWith("X-Carrier")))
                    .containsExactly("X-Carrier: 12");
            Call.answer(second, invite, 200);
            Dialog dialog = call.callerSide(call.response(200));
            dialog.send("ACK", 1);
            call.at(second, "ACK");
            dialog.hangUpWith(second);
            assertThat(call.seenAt(MISPLACED, "INVITE")).isZero();
        }
        assertThat(used).hasSize(2);
    }

    @Test
    void internationalCallsOfThePbxGoToTheCheaperCarrierAndThenToTheNext() {
        Call call = Call.to(INTERNATIONAL, PBX, carrier.port);

        Received first = call.at(FOREIGN.get(0), "INVITE");
        assertThat(first.toString())
                .startsWith("INVITE sip:+4930123@" + FOREIGN.get(0).hostPort() + " SIP/2.0\r\n");
        assertThat(first.sip().text("X-Trunk")).isEqualTo("trunk=8812");
        Call.answer(FOREIGN.get(0), first, 500);
        Received second = call.at(FOREIGN.get(1), "INVITE");
        assertThat(second.toString())
                .startsWith("INVITE sip:+4930123@" + FOREIGN.get(1).hostPort() + " SIP/2.0\r\n");
        assertThat(second.sip().text("X-Trunk")).isEqualTo("trunk=export");

        Call.answer(FOREIGN.get(1), second, 200);
        Dialog dialog = call.callerSide(call.response(200));
        dialog.send("ACK", 1);
        call.at(FOREIGN.get(1), "ACK");
        dialog.hangUpWith(FOREIGN.get(1));
    }

    @Test
    void anInternationalNumberMayBeATelUri() {
        Call call = Call.to("tel:+4930123", PBX, carrier.port);

        Received first = call.at(FOREIGN.get(0), "INVITE");
        assertThat(first.toString()).startsWith("INVITE tel:+4930123 SIP/2.0\r\n");
        assertThat(NATIONAL)
                .as("tried before")
                .allSatisfy(one -> assertThat(call.seenAt(one, "INVITE")).isZero());
        Call.answer(FOREIGN.get(0), first, 486);
        call.at(FOREIGN.get(0), "ACK");
        call.endsWith(486);
    }

    @Test
    void aCarrierWithoutCreditGetsNoCallsUntilItIsReleased() {
        Call call = Call.to(NUMBER, PBX, carrier.port);
        TestUserAgent first = reached(call, NATIONAL);
        String row = "sip:" + first.hostPort();
        call.refuseAt(first, 402);
        assertThat(taken(call, others(NATIONAL, first))).isNotNull();

        Awaitility.await().until(() -> carrier.command("show", row).matches("(?s).*\\bInactive\\b.*"));
        for (int i = 0; i < 3; i++) {
            assertThat(taken(Call.to(NUMBER, PBX, carrier.port), NATIONAL)).isNotSameAs(first);
        }
        carrier.command("release", row);
    }

    @Test
    void theCarrierFrontRefusesUnknownSendersAndOtherMethods() {
        Call.to(NUMBER, CALLER, carrier.port).endsWith(403);
        Call.to(INTERNATIONAL, CALLER, carrier.port).endsWith(403);
        Received refusal = Call.request("REGISTER", NUMBER, PBX, carrier.port).response(405);
        assertThat(refusal.sip().text("Allow")).contains("INVITE").doesNotContain("REGISTER");
        Call.to(NUMBER, MEDIA.get(0), carrier.port).endsWith(403);
        Call.request("MESSAGE", NUMBER, MEDIA.get(0), carrier.port).response(403);
    }

    /** A stranger's request that claims to belong to a dialog, with a target that is a destination. */
    private static void strangersAreRefusedWithAToTag(RuleFile file, TestUserAgent destination, String... headers) {
        for (String method : List.of("INVITE", "MESSAGE")) {
            String uri = "sip:030123@" + destination.hostPort();
            Request request = new Request(method, uri).to("<" + uri + ">;tag=made-up");
            for (String header : headers) {
                request = request.with(header);
            }

            Call call = Call.request(request, CALLER, file.port);

            call.response(481);
            assertThat(call.seenAt(destination, method)).isZero();
        }
    }

    @Test
    void aToTagDoesNotLeadAStrangerPastTheRulesOfTheRegistrarFront() {
        strangersAreRefusedWithAToTag(registrar, REGISTRARS.get(0));
    }

    @Test
    void aToTagDoesNotLeadAStrangerPastTheRulesOfTheCarrierFront() {
        strangersAreRefusedWithAToTag(carrier, NATIONAL.get(0), "X-Trunk: forged");
        strangersAreRefusedWithAToTag(carrier, MEDIA.get(0), "X-Carrier: forged");
    }

    @Test
    void aToTagDoesNotLeadAStrangerPastTheRulesOfTheFarm() {
        strangersAreRefusedWithAToTag(farm, SERVERS.get(0));
    }

    /** Sends heartbeats until the weights apply. */
    private static void weigh(int first, int second, int third) {
        List<Integer> weights = List.of(first, second, third);
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    for (int i = 0; i < weights.size(); i++) {
                        EVENT_SOCKETS.get(i).heartbeat(0, 1000, weights.get(i) + ".0");
                    }
                    return IntStream.range(0, weights.size())
                            .allMatch(i -> farm.command("show", row(SERVERS.get(i)))
                                    .matches("(?s).*\\bweight\\s+" + weights.get(i) + "\\b.*"));
                });
    }

    private static String row(TestUserAgent server) {
        return "sip:" + server.hostPort();
    }

    private static Call callsFarm(String... headers) {
        Request request = new Request("INVITE", NUMBER);
        for (String header : headers) {
            request = request.with(header);
        }
        return Call.request(request, CALLER, farm.port);
    }

    @Test
    void theFarmGetsCallsByTheWeightsOfItsHeartbeats() {
        weigh(75, 0, 25);

        List<TestUserAgent> used =
                IntStream.range(0, 8).mapToObj(i -> taken(callsFarm(), SERVERS)).toList();

        assertThat(used).doesNotContain(SERVERS.get(1)).contains(SERVERS.get(2));
        assertThat(used).filteredOn(SERVERS.get(0)::equals).hasSizeBetween(5, 7);
    }

    @Test
    void aFarmWithFewerThanTwoServersRefusesCallsAndKeepsTheOpenOnes() {
        weigh(50, 50, 50);
        Call open = callsFarm();
        TestUserAgent one = reached(open, SERVERS);
        Received invite = open.at(one, "INVITE");
        Call.answer(one, invite, 200);
        open.callerSide(open.response(200)).send("ACK", 1);
        open.at(one, "ACK");
        List<String> held = Stream.of(one, others(SERVERS, one).get(0))
                .map(RuleFilesTest::row)
                .toList();
        held.forEach(row -> farm.command("hold", row));
        try {
            Received refusal = callsFarm().response(503);
            assertThat(refusal.toString()).startsWith("SIP/2.0 503 Too Few Media Servers\r\n");
            assertThat(refusal.sip().text("Retry-After")).isEqualTo("30");

            Dialog.ofCallee(one, invite).hangUpWith(CALLER);
        } finally {
            held.forEach(row -> farm.command("release", row));
        }
    }

    @Test
    void credentialsGoToTheServerOfTheFarmThatSentTheChallenge() {
        weigh(50, 50, 50);
        for (int i = 0; i < 5; i++) {
            Call call = callsFarm();
            TestUserAgent challenger = reached(call, SERVERS);
            String challenge = "Proxy-Authenticate: Digest realm=\"r\", nonce=\"n" + i + "\"";
            respond(challenger, call.at(challenger, "INVITE"), 407, challenge);
            Received challenged = call.response(407);
            call.acknowledge(challenged);

            Call again = callsFarm(credentials(challenged, "Proxy-Authenticate", "Proxy-Authorization"));

            assertThat(taken(again, SERVERS)).isSameAs(challenger);
        }
    }

    @Test
    void aFullServerOfTheFarmIsFollowedByTheNextOne() {
        weigh(50, 50, 50);
        Call call = callsFarm();
        TestUserAgent full = reached(call, SERVERS);

        call.refuseAt(full, 503);

        taken(call, others(SERVERS, full));
        assertThat(farm.command("show", row(full))).contains("Active");
    }
}
