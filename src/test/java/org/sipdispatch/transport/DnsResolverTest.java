package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sipdispatch.sip.SipUri;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;
import org.xbill.DNS.lookup.LookupSession;

class DnsResolverTest {
    private static final Duration TTL = Duration.ofSeconds(60);

    private final NameServer server = new NameServer();
    private final DnsResolver resolver = new DnsResolver(TTL, session());

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
    void aNameOfTheHostsFileIsKnown() throws Exception {
        DnsResolver ofThisHost = new DnsResolver(TTL);

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
    void servicesAreTriedByPriorityThenWeight() throws Exception {
        server.put("_sip._udp.example.test", Type.SRV, "20 0 5063 c.test.", "10 1 5062 b.test.", "10 9 5061 a.test.");
        server.put("a.test", Type.A, "192.0.2.1");
        server.put("b.test", Type.A, "192.0.2.2");
        server.put("c.test", Type.A, "192.0.2.3");

        assertThat(resolved(resolver, "sip:Example.test", 0))
                .containsExactly(at("192.0.2.1", 5061), at("192.0.2.2", 5062), at("192.0.2.3", 5063));
    }

    @Test
    void theServiceIsThatOfTheTransport() throws Exception {
        server.put("_sip._tcp.example.test", Type.SRV, "1 1 5099 a.test.");
        server.put("a.test", Type.A, "192.0.2.1");

        assertThat(resolved(resolver, "sip:example.test;transport=tcp", 0)).containsExactly(at("192.0.2.1", 5099));
    }

    @Test
    void withoutServicesTheDefaultPortIsTaken() throws Exception {
        server.put("example.test", Type.A, "192.0.2.1");

        assertThat(resolved(resolver, "sip:example.test", 0)).containsExactly(at("192.0.2.1", 5060));
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

        resolver.resolve(SipUri.parse("sip:slow.test:5060"), 0, now::add, later::complete);

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

        // In this order: a question that is under way must not be answered with the old address.
        server.put("proxy.test", Type.A, "192.0.2.9");
        server.beSilent(false);
        await().atMost(30, TimeUnit.SECONDS)
                .until(() -> known("sip:proxy.test:5060", later + 10_000).contains(at("192.0.2.9", 5060)));
    }

    private static InetSocketAddress at(String address, int port) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByName(address), port);
    }

    /** What is answered at once; empty if nothing is. */
    private List<InetSocketAddress> known(String uri, long nowMs) {
        List<InetSocketAddress> known = new ArrayList<>();
        resolver.resolve(SipUri.parse(uri), nowMs, known::addAll, later -> {});
        return known;
    }

    private static List<InetSocketAddress> resolved(DnsResolver resolver, String uri, long nowMs) throws Exception {
        CompletableFuture<List<InetSocketAddress>> found = new CompletableFuture<>();
        resolver.resolve(SipUri.parse(uri), nowMs, found::complete, found::complete);
        return found.get(30, TimeUnit.SECONDS);
    }
}
