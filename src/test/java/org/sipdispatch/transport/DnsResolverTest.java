package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.sets.IpVersionPreference;
import org.sipdispatch.sip.SipUri;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;
import org.xbill.DNS.hosts.HostsFileParser;
import org.xbill.DNS.lookup.LookupSession;

class DnsResolverTest {
    private static final Duration TTL = Duration.ofSeconds(60);
    private static final Duration MAX_STALE = Duration.ofHours(1);

    private final NameServer server = new NameServer();
    private final DnsResolver resolver = new DnsResolver(TTL, MAX_STALE, session(), null);
    private long draw;

    private LookupSession session() {
        SimpleResolver one = new SimpleResolver(server.address());
        one.setTimeout(Duration.ofSeconds(30));
        return LookupSession.builder().resolver(one).build();
    }

    @AfterEach
    void closeServer() {
        server.close();
    }

    @Test
    void aFailureIsDescribedWithoutTheNamesOfClasses() {
        Exception refused = new IOException(new PortUnreachableException());

        assertThat(CachingDnsLookup.description(refused)).isEqualTo("refused, nothing listens there");
        assertThat(CachingDnsLookup.description(new IOException(new SocketTimeoutException("x"))))
                .isEqualTo("no answer within 2000 ms");
        assertThat(CachingDnsLookup.description(new IOException(new IllegalStateException("closed"))))
                .isEqualTo("closed");
        assertThat(CachingDnsLookup.description(new IOException())).isEqualTo("the query failed");
    }

    @Test
    void aFailureNamesTheServersOfThisHost() throws Exception {
        LookupSession failing = LookupSession.builder()
                .resolver(new SimpleResolver(server.address()) {
                    @Override
                    public CompletionStage<Message> sendAsync(Message query, Executor executor) {
                        return CompletableFuture.failedFuture(new PortUnreachableException());
                    }
                })
                .build();

        assertThat(CachingDnsLookup.ofHost(failing, TTL)
                        .ask("a.test", Type.A, 0)
                        .toCompletableFuture()
                        .get()
                        .failure())
                .startsWith("a.test A: refused, nothing listens there; name servers: ");
    }

    @Test
    void aNameOfTheHostsFileIsKnown() throws Exception {
        DnsResolver ofThisHost = new DnsResolver(TTL, MAX_STALE);

        for (long nowMs : new long[] {0, 1_000, TTL.toMillis(), 3 * TTL.toMillis()}) {
            assertThat(resolved(ofThisHost, "sip:localhost:5070", nowMs)).contains(at("127.0.0.1", 5070));
        }
    }

    @Test
    void addressesOfBothFamiliesAreFound() throws Exception {
        server.put("proxy.test", Type.A, "192.0.2.1", "192.0.2.2");
        server.put("proxy.test", Type.AAAA, "2001:db8::1");

        assertThat(resolved(resolver, "sip:proxy.test:5070", 0))
                .containsExactlyInAnyOrder(at("192.0.2.1", 5070), at("192.0.2.2", 5070), at("2001:db8::1", 5070));
    }

    @Test
    void servicesAreTriedByPriorityAndDrawnByWeightForEachRequest() throws Exception {
        server.put("_sip._udp.example.test", Type.SRV, "20 0 5063 c.test.", "10 40 5062 b.test.", "10 60 5061 a.test.");
        server.put("a.test", Type.A, "192.0.2.1");
        server.put("b.test", Type.A, "192.0.2.2");
        server.put("c.test", Type.A, "192.0.2.3");
        List<InetSocketAddress> aFirst = List.of(at("192.0.2.1", 5061), at("192.0.2.2", 5062), at("192.0.2.3", 5063));
        List<InetSocketAddress> bFirst = List.of(at("192.0.2.2", 5062), at("192.0.2.1", 5061), at("192.0.2.3", 5063));

        Map<List<InetSocketAddress>, Integer> orders = new HashMap<>();
        for (int i = 0; i < 1000; i++) {
            orders.merge(resolved(resolver, "sip:Example.test", 0), 1, Integer::sum);
        }

        assertThat(orders).containsOnlyKeys(aFirst, bFirst);
        assertThat(orders.get(aFirst)).isBetween(500, 700);
    }

    @Test
    void allAddressesOfANameTakeTheirTurn() throws Exception {
        server.put("proxy.test", Type.A, "192.0.2.1", "192.0.2.2");
        server.put("proxy.test", Type.AAAA, "2001:db8::1");

        Map<InetSocketAddress, Integer> first = new HashMap<>();
        for (int i = 0; i < 72; i++) {
            List<InetSocketAddress> found = resolved(resolver, "sip:proxy.test:5070", 0);
            assertThat(found).hasSize(3);
            first.merge(found.get(0), 1, Integer::sum);
        }

        assertThat(first)
                .containsOnly(
                        Map.entry(at("192.0.2.1", 5070), 24),
                        Map.entry(at("192.0.2.2", 5070), 24),
                        Map.entry(at("2001:db8::1", 5070), 24));
    }

    @Test
    void theAddressesThatOneFamilyHasTakeEqualTurnsWhereTheOtherCannotBeUsed() throws Exception {
        server.put("proxy.test", Type.A, "192.0.2.1", "192.0.2.2");
        server.put("proxy.test", Type.AAAA, "2001:db8::1");

        Map<InetSocketAddress, Integer> first = new HashMap<>();
        for (int i = 0; i < 72; i++) {
            resolved(resolver, "sip:proxy.test:5070", 0).stream()
                    .filter(address -> address.getAddress() instanceof Inet4Address)
                    .findFirst()
                    .ifPresent(address -> first.merge(address, 1, Integer::sum));
        }

        assertThat(first).containsOnly(Map.entry(at("192.0.2.1", 5070), 36), Map.entry(at("192.0.2.2", 5070), 36));
    }

    @ParameterizedTest
    @ValueSource(ints = {Rcode.SERVFAIL, Rcode.REFUSED, Rcode.NOTIMP})
    void theLastServicesAreKeptWhenTheServerFails(int rcode) throws Exception {
        server.put("_sip._udp.example.test", Type.SRV, "10 1 5061 a.test.");
        server.put("a.test", Type.A, "192.0.2.1");
        server.put("example.test", Type.A, "192.0.2.9");
        assertThat(resolved(resolver, "sip:example.test", 0)).containsExactly(at("192.0.2.1", 5061));

        server.fail("_sip._udp.example.test", Type.SRV, rcode);

        for (int i = 1; i <= 3; i++) {
            long nowMs = i * TTL.toMillis();
            assertThat(resolved("sip:example.test", nowMs)).containsExactly(at("192.0.2.1", 5061));
        }
    }

    @Test
    void theLastAnswerIsGivenUpWhenItIsTooOld() throws Exception {
        server.put("proxy.test", Type.A, "192.0.2.1");
        assertThat(resolved(resolver, "sip:proxy.test:5060", 0)).containsExactly(at("192.0.2.1", 5060));
        server.fail("proxy.test", Type.A, Rcode.SERVFAIL);
        long longestMs = TTL.plus(MAX_STALE).toMillis();

        assertThat(resolved("sip:proxy.test:5060", longestMs)).containsExactly(at("192.0.2.1", 5060));
        assertThat(resolved("sip:proxy.test:5060", longestMs + 5_000)).isEmpty();
    }

    @Test
    void anAnswerThatNobodyAskedForSinceLongIsNotUsedUnasked() throws Exception {
        server.put("proxy.test", Type.A, "192.0.2.1");
        assertThat(resolved(resolver, "sip:proxy.test:5060", 0)).containsExactly(at("192.0.2.1", 5060));
        server.put("proxy.test", Type.A, "192.0.2.2");

        assertThat(resolved(resolver, "sip:proxy.test:5060", 2 * MAX_STALE.toMillis()))
                .containsExactly(at("192.0.2.2", 5060));
    }

    @Test
    void oneTransactionHasOneOrder() throws Exception {
        server.put("_sip._udp.example.test", Type.SRV, "10 1 5061 a.test.", "10 1 5062 a.test.", "10 1 5063 a.test.");
        server.put("a.test", Type.A, "192.0.2.1", "192.0.2.2", "192.0.2.3");
        draw = 4711;
        List<InetSocketAddress> first = resolved(resolver, "sip:example.test", 0);

        for (int i = 0; i < 20; i++) {
            draw = 4711;
            assertThat(resolved(resolver, "sip:example.test", i)).isEqualTo(first);
        }
    }

    @Test
    void aNameOfTheHostsFileNeedsNoServer(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("hosts"), "192.0.2.7 gateway.test\n");
        HostsFileParser hosts = new HostsFileParser(file);
        LookupSession session = LookupSession.builder()
                .resolver(new SimpleResolver(server.address()))
                .hostsFileParser(hosts)
                .build();
        server.fail("_sip._udp.gateway.test", Type.SRV, Rcode.REFUSED);
        server.fail("gateway.test", Type.AAAA, Rcode.REFUSED);

        assertThat(resolved(new DnsResolver(TTL, MAX_STALE, session, hosts), "sip:gateway.test", 0))
                .containsExactly(at("192.0.2.7", 5060));
    }

    @Test
    void aServerThatFailsDoesNotShowThatThereAreNoServices() throws Exception {
        server.fail("_sip._udp.example.test", Type.SRV, Rcode.SERVFAIL);
        server.put("example.test", Type.A, "192.0.2.9");

        assertThat(resolved(resolver, "sip:example.test", 0)).isEmpty();
    }

    @Test
    void theLastAddressOfATargetIsKeptWhenItsServerFails() throws Exception {
        server.put("_sip._udp.example.test", Type.SRV, "10 1 5061 a.test.", "20 1 5062 b.test.");
        server.put("a.test", Type.A, "192.0.2.1");
        server.put("b.test", Type.A, "192.0.2.2");
        assertThat(resolved(resolver, "sip:example.test", 0)).hasSize(2);

        server.fail("a.test", Type.A, Rcode.SERVFAIL);
        server.put("b.test", Type.A, "192.0.2.3");

        assertThat(resolved("sip:example.test", TTL.toMillis()))
                .containsExactly(at("192.0.2.1", 5061), at("192.0.2.3", 5062));
    }

    @ParameterizedTest
    @ValueSource(ints = {Rcode.NXDOMAIN, Rcode.NOERROR})
    void theLastAnswerIsGivenUpWhenTheNameIsGone(int rcode) throws Exception {
        server.put("proxy.test", Type.A, "192.0.2.1");
        assertThat(resolved(resolver, "sip:proxy.test:5060", 0)).containsExactly(at("192.0.2.1", 5060));

        server.fail("proxy.test", Type.A, rcode);
        server.fail("proxy.test", Type.AAAA, rcode);

        assertThat(resolved("sip:proxy.test:5060", TTL.toMillis())).isEmpty();
    }

    @Test
    void addressesOfTheNameItselfCountAgainWhenItsServicesAreGone() throws Exception {
        server.put("_sip._udp.example.test", Type.SRV, "10 1 5061 a.test.");
        server.put("a.test", Type.A, "192.0.2.1");
        server.put("example.test", Type.A, "192.0.2.9");
        assertThat(resolved(resolver, "sip:example.test", 0)).containsExactly(at("192.0.2.1", 5061));

        server.fail("_sip._udp.example.test", Type.SRV, Rcode.NXDOMAIN);

        assertThat(resolved("sip:example.test", TTL.toMillis())).containsExactly(at("192.0.2.9", 5060));
    }

    @Test
    void aServiceThatIsExpresslyNotOfferedHasNoAddress() throws Exception {
        server.put("_sip._udp.example.test", Type.SRV, "0 0 0 .");
        server.put("example.test", Type.A, "192.0.2.9");

        assertThat(resolved(resolver, "sip:example.test", 0)).isEmpty();
    }

    @Test
    void theServiceIsThatOfTheTransport() throws Exception {
        server.put("_sip._tcp.example.test", Type.SRV, "1 1 5099 a.test.");
        server.put("a.test", Type.A, "192.0.2.1");

        assertThat(resolved(resolver, "sip:example.test;transport=tcp", 0)).containsExactly(at("192.0.2.1", 5099));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sip:example.test;transport=tls", "sips:example.test", "sips:example.test;transport=tcp"})
    void theServiceOfTlsIsSipsOverTcp(String uri) throws Exception {
        server.put("_sips._tcp.example.test", Type.SRV, "1 1 5099 a.test.");
        server.put("a.test", Type.A, "192.0.2.1");

        assertThat(resolved(resolver, uri, 0)).containsExactly(at("192.0.2.1", 5099));
    }

    @Test
    void withoutServicesTheDefaultPortIsTaken() throws Exception {
        server.put("example.test", Type.A, "192.0.2.1");

        assertThat(resolved(resolver, "sip:example.test", 0)).containsExactly(at("192.0.2.1", 5060));
        assertThat(resolved(resolver, "sips:example.test", 0)).containsExactly(at("192.0.2.1", 5061));
    }

    @Test
    void anUnknownNameHasNoAddressAndIsAskedForAgainLater() throws Exception {
        assertThat(resolved(resolver, "sip:nobody.test:5060", 0)).isEmpty();
        int asked = server.questions();
        assertThat(resolved(resolver, "sip:nobody.test:5060", 1_000)).isEmpty();
        assertThat(server.questions()).isEqualTo(asked);

        server.put("nobody.test", Type.A, "192.0.2.1");
        assertThat(resolved(resolver, "sip:nobody.test:5060", 6_000)).containsExactly(at("192.0.2.1", 5060));
    }

    @Test
    void aNameThatIsNoneIsAskedForOnceInAWhile() throws Exception {
        String tooLong = "sip:" + "x".repeat(64) + ".test:5060";

        for (int i = 0; i < 3; i++) {
            assertThat(resolved(resolver, tooLong, i * 10_000)).isEmpty();
        }
    }

    @Test
    void askingDoesNotWait() {
        server.beSilent(true);
        List<List<InetSocketAddress>> now = new ArrayList<>();
        CompletableFuture<List<InetSocketAddress>> later = new CompletableFuture<>();

        resolver.resolve(SipUri.parse("sip:slow.test:5060"), 0, IpVersionPreference.ANY, 0, now::add, later::complete);

        assertThat(now).isEmpty();
        assertThat(later).isNotDone();
        assertThat(later.orTimeout(30, TimeUnit.SECONDS).join()).isEmpty();
    }

    @Test
    void oldAddressesAreUsedWhileNoNewOnesAreHad() throws Exception {
        server.put("proxy.test", Type.A, "192.0.2.1");
        assertThat(resolved(resolver, "sip:proxy.test:5060", 0)).containsExactly(at("192.0.2.1", 5060));

        server.beSilent(true);
        long later = 2 * TTL.toMillis();
        assertThat(known("sip:proxy.test:5060", later)).containsExactly(at("192.0.2.1", 5060));

        // In this order: a pending lookup must not return the old address.
        server.put("proxy.test", Type.A, "192.0.2.9");
        server.beSilent(false);
        await().atMost(30, TimeUnit.SECONDS)
                .until(() -> known("sip:proxy.test:5060", later + 10_000).contains(at("192.0.2.9", 5060)));
    }

    private static InetSocketAddress at(String address, int port) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByName(address), port);
    }

    /** The addresses returned at once; empty if there are none. */
    private List<InetSocketAddress> known(String uri, long nowMs) {
        List<InetSocketAddress> known = new ArrayList<>();
        resolver.resolve(SipUri.parse(uri), draw++, IpVersionPreference.ANY, nowMs, known::addAll, later -> {});
        return known;
    }

    /** The addresses after the lookup that this call starts has completed. */
    private List<InetSocketAddress> resolved(String uri, long nowMs) {
        int before = server.answers();
        resolver.resolve(SipUri.parse(uri), draw++, IpVersionPreference.ANY, nowMs, now -> {}, later -> {});
        await().atMost(30, TimeUnit.SECONDS).until(() -> server.answers() > before && !resolver.isAsking());
        return known(uri, nowMs);
    }

    private List<InetSocketAddress> resolved(DnsResolver resolver, String uri, long nowMs) throws Exception {
        CompletableFuture<List<InetSocketAddress>> found = new CompletableFuture<>();
        resolver.resolve(SipUri.parse(uri), draw++, IpVersionPreference.ANY, nowMs, found::complete, found::complete);
        return found.get(30, TimeUnit.SECONDS);
    }
}
