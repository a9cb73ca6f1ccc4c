package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sipdispatch.destination.FoundTargets;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.IpVersionPreference;
import org.sipdispatch.sets.Target;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transaction.ListenSockets;
import org.sipdispatch.transaction.Protocol;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;
import org.xbill.DNS.hosts.HostsFileParser;
import org.xbill.DNS.lookup.LookupSession;

class TargetLookupsTest {
    private static final Duration MAX_STALE = Duration.ofMinutes(10);
    private static final ListenSockets SOCKETS = new ListenSockets(
            List.of(
                    socket(0, Protocol.UDP, "192.0.2.10:5060"),
                    socket(1, Protocol.UDP, "[2001:db8::10]:5060"),
                    socket(2, Protocol.TLS, "192.0.2.10:5061")),
            Set.of());

    private final NameServer server = new NameServer();
    private final AtomicLong now = new AtomicLong(1_000_000);
    private final TargetLookups lookups = lookups(session(), null, SOCKETS);

    private TargetLookups lookups(LookupSession session, HostsFileParser hostsFile, ListenSockets sockets) {
        return new TargetLookups(
                new DnsLookup(new CachingDnsLookup(session, MAX_STALE), hostsFile),
                sockets,
                IpVersionPreference.ANY,
                now::get);
    }

    private static ListenSocket socket(int index, Protocol protocol, String address) {
        return new ListenSocket(index, "s" + index, protocol, Target.address(address), address, 5060);
    }

    private LookupSession session() {
        SimpleResolver one = new SimpleResolver(server.address());
        one.setTimeout(Duration.ofSeconds(30));
        return LookupSession.builder().resolver(one).build();
    }

    @AfterEach
    void closeServer() {
        server.close();
    }

    private FoundTargets find(String uri) throws Exception {
        return find(lookups, uri);
    }

    private static FoundTargets find(TargetLookups lookups, String uri) throws Exception {
        CompletableFuture<FoundTargets> found = new CompletableFuture<>();
        lookups.find(new Destination("default", 1, uri, null, 1, 0, "", ""), found::complete);
        return found.get(30, TimeUnit.SECONDS);
    }

    private static List<String> names(FoundTargets found) {
        return found.targets().stream().sorted(Target.ORDER).map(Target::name).toList();
    }

    private void putServices() {
        server.put(
                "_sip._udp.example.test",
                Type.SRV,
                30,
                "10 60 5061 a.test.",
                "10 40 5062 b.test.",
                "20 0 5063 c.test.");
        server.put("a.test", Type.A, 20, "192.0.2.1");
        server.put("b.test", Type.A, 40, "192.0.2.2");
        server.put("b.test", Type.AAAA, 40, "2001:db8::2");
        server.put("c.test", Type.A, 40, "192.0.2.3");
    }

    @Test
    void theServicesOfANameAreItsTargets() throws Exception {
        putServices();

        FoundTargets found = find("sip:Example.test");

        assertThat(found.targets())
                .containsExactlyInAnyOrder(
                        new Target(Target.address("192.0.2.1:5061"), "a.test", 10, 60),
                        new Target(Target.address("192.0.2.2:5062"), "b.test", 10, 40),
                        new Target(Target.address("[2001:db8::2]:5062"), "b.test", 10, 40),
                        new Target(Target.address("192.0.2.3:5063"), "c.test", 20, 0));
        assertThat(found.failure()).isEmpty();
    }

    @Test
    void theAnswerAppliesForTheShortestTimeToLive() throws Exception {
        putServices();

        assertThat(find("sip:example.test").ttlMs()).isEqualTo(20_000);

        server.put("a.test", Type.A, 0, "192.0.2.1");
        assertThat(find("sip:example.test").ttlMs()).isEqualTo(1_000);
    }

    @Test
    void eachSearchAsksTheServer() throws Exception {
        putServices();
        find("sip:example.test");
        server.put("a.test", Type.A, 20, "192.0.2.9");

        assertThat(names(find("sip:example.test"))).contains("192.0.2.9:5061").doesNotContain("192.0.2.1:5061");
    }

    @Test
    void theLastAnswerIsUsedWhileTheServerFails() throws Exception {
        putServices();
        List<String> before = names(find("sip:example.test"));
        server.fail("_sip._udp.example.test", Type.SRV, Rcode.SERVFAIL);

        FoundTargets found = find("sip:example.test");

        assertThat(names(found)).isEqualTo(before);
        assertThat(found.failure()).isEqualTo("_sip._udp.example.test SRV: SERVFAIL");
        assertThat(found.ttlMs()).isEqualTo(5_000);

        now.addAndGet(MAX_STALE.toMillis() + 1);

        assertThat(find("sip:example.test").targets()).isEmpty();
    }

    @Test
    void aHostWithoutAnAnswerIsUnknownAndTheOthersAreFound() throws Exception {
        putServices();
        server.fail("b.test", Type.A, Rcode.SERVFAIL);

        FoundTargets found = find("sip:example.test");

        assertThat(names(found)).containsExactly("192.0.2.1:5061", "[2001:db8::2]:5062", "192.0.2.3:5063");
        assertThat(found.failure()).isEqualTo("b.test A: SERVFAIL");
        assertThat(found.unknown()).containsExactly(new FoundTargets.UnknownHost("b.test", 5062, true));
    }

    @Test
    void aNameThatDoesNotExistHasNoTargets() throws Exception {
        FoundTargets found = find("sip:nowhere.test");

        assertThat(found).isEqualTo(new FoundTargets(List.of(), "", 5_000));
    }

    @Test
    void aNameWithAPortHasItsAddressesAtThatPort() throws Exception {
        server.put("gw.test", Type.A, 30, "192.0.2.1", "192.0.2.2");

        assertThat(names(find("sip:gw.test:5070"))).containsExactly("192.0.2.1:5070", "192.0.2.2:5070");
        assertThat(names(find("sip:gw.test"))).containsExactly("192.0.2.1:5060", "192.0.2.2:5060");
        assertThat(names(find("sip:gw.test;transport=tls"))).containsExactly("192.0.2.1:5061", "192.0.2.2:5061");
    }

    @Test
    void anAddressThatThisNodeCannotSendToIsNoTarget() throws Exception {
        putServices();
        ListenSockets onlyIpv4 = new ListenSockets(List.of(socket(0, Protocol.UDP, "192.0.2.10:5060")), Set.of());

        assertThat(names(find(lookups(session(), null, onlyIpv4), "sip:example.test")))
                .containsExactly("192.0.2.1:5061", "192.0.2.2:5062", "192.0.2.3:5063");
        server.put("example.test", Type.A, 20, "192.0.2.7");
        assertThat(find("sip:example.test:5060;transport=tcp").targets()).isEmpty();
    }

    @Test
    void theAttributesOfADestinationChooseTheIpVersion() throws Exception {
        putServices();
        CompletableFuture<FoundTargets> found = new CompletableFuture<>();
        lookups.find(
                new Destination("default", 1, "sip:example.test", null, 1, 0, "ip_versions=6", ""), found::complete);

        assertThat(names(found.get(30, TimeUnit.SECONDS))).containsExactly("[2001:db8::2]:5062");
    }

    private void putNaptr(String... records) {
        server.put("example.test", Type.NAPTR, 30, records);
        server.put("_sips._tcp.example.test", Type.SRV, 30, "10 60 5071 a.test.", "10 40 5072 b.test.");
        server.put("_sip._tcp.example.test", Type.SRV, 30, "10 60 5073 a.test.");
    }

    private List<String> findByNaptr() throws Exception {
        CompletableFuture<FoundTargets> found = new CompletableFuture<>();
        lookups.find(new Destination("default", 1, "sip:example.test", null, 1, 0, "naptr=1", ""), found::complete);
        return names(found.get(30, TimeUnit.SECONDS));
    }

    @Test
    void aNaptrRecordChoosesTheTransport() throws Exception {
        putServices();
        putNaptr(
                "20 50 \"s\" \"SIP+D2U\" \"\" _sip._udp.example.test.",
                "10 50 \"s\" \"SIPS+D2T\" \"\" _sips._tcp.example.test.");

        assertThat(findByNaptr()).containsExactly("192.0.2.1:5071;transport=tls", "192.0.2.2:5072;transport=tls");
    }

    /** The first one is over TCP, for which the node has no socket. */
    @Test
    void aNaptrRecordOfATransportWithoutSocketIsLeftOut() throws Exception {
        putServices();
        putNaptr(
                "10 10 \"s\" \"SIP+D2T\" \"\" _sip._tcp.example.test.",
                "10 30 \"s\" \"SIPS+D2T\" \"\" _sips._tcp.example.test.",
                "10 20 \"s\" \"SIP+D2U\" \"\" _sip._udp.example.test.");

        assertThat(findByNaptr())
                .containsExactly("192.0.2.1:5061", "192.0.2.2:5062", "[2001:db8::2]:5062", "192.0.2.3:5063");
    }

    @Test
    void withoutAUsableNaptrRecordTheServicesOverUdpAreFound() throws Exception {
        putServices();
        List<String> services = names(find("sip:example.test"));

        assertThat(findByNaptr()).isEqualTo(services);
        putNaptr("10 10 \"u\" \"E2U+sip\" \"!^.*$!sip:a@b!\" .");
        assertThat(findByNaptr()).isEqualTo(services);
    }

    @Test
    void withoutTheAttributeNaptrRecordsAreNotUsed() throws Exception {
        putServices();
        putNaptr("10 50 \"s\" \"SIPS+D2T\" \"\" _sips._tcp.example.test.");

        assertThat(names(find("sip:example.test"))).contains("192.0.2.1:5061").noneMatch(name -> name.contains("tls"));
    }

    /** Few searches are made at a time. */
    @Test
    void aThousandNamesInTheHostsFileAreFound(@TempDir Path directory) throws Exception {
        StringBuilder hosts = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            hosts.append("192.0.2.").append(i % 250 + 1).append(" gw").append(i).append(".test\n");
        }
        HostsFileParser file = new HostsFileParser(Files.writeString(directory.resolve("hosts"), hosts));
        SimpleResolver one = new SimpleResolver(server.address());
        LookupSession session =
                LookupSession.builder().resolver(one).hostsFileParser(file).build();
        TargetLookups ofFile = lookups(session, file, SOCKETS);
        List<CompletableFuture<FoundTargets>> all = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            CompletableFuture<FoundTargets> found = new CompletableFuture<>();
            all.add(found);
            String uri = "sip:gw" + i + ".test:5060";
            ofFile.find(new Destination("default", 1, uri, null, 1, 0, "", ""), found::complete);
        }

        for (int i = 0; i < all.size(); i++) {
            assertThat(names(all.get(i).get(60, TimeUnit.SECONDS)))
                    .containsExactly("192.0.2." + (i % 250 + 1) + ":5060");
        }
    }
}
