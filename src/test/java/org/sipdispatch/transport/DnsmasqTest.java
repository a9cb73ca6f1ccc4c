package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sipdispatch.agents.Dnsmasq;
import org.sipdispatch.sets.IpVersionPreference;
import org.sipdispatch.sip.SipUri;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.lookup.LookupSession;

/** Name resolution with a real name server. */
class DnsmasqTest {
    private static final Duration TTL = Duration.ofSeconds(60);
    private static final String[] SERVICES = {
        "--local=/example.test/",
        "--srv-host=_sip._udp.example.test,a.example.test,5061,10,60",
        "--srv-host=_sip._udp.example.test,b.example.test,5062,10,40",
        "--host-record=a.example.test,192.0.2.1",
        "--host-record=b.example.test,192.0.2.2",
        "--host-record=example.test,192.0.2.9",
        "--host-record=two.example.test,192.0.2.3",
        "--host-record=two.example.test,192.0.2.4",
        "--host-record=two.example.test,2001:db8::4"
    };

    private final Dnsmasq server = new Dnsmasq();
    private DnsResolver resolver;
    private long draw;

    @BeforeAll
    static void needsDnsmasq() {
        Dnsmasq.assumePresent();
    }

    @BeforeEach
    void start() {
        server.start(SERVICES);
        SimpleResolver one = new SimpleResolver(server.address());
        resolver = new DnsResolver(
                TTL, Duration.ofHours(1), LookupSession.builder().resolver(one).build(), null);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void servicesAreUsedByTheirWeights() throws Exception {
        Map<String, Integer> first = firsts("sip:example.test", 1000);

        assertThat(first).containsOnlyKeys("192.0.2.1:5061", "192.0.2.2:5062");
        assertThat(first.get("192.0.2.1:5061")).isBetween(500, 700);
    }

    @Test
    void allAddressesAreUsed() throws Exception {
        assertThat(firsts("sip:two.example.test:5070", 72))
                .isEqualTo(Map.of("192.0.2.3:5070", 24, "192.0.2.4:5070", 24, "2001:db8:0:0:0:0:0:4:5070", 24));
    }

    @Test
    void onlyThePreferredIpVersionIsUsedFirst() throws Exception {
        String uri = "sip:two.example.test:5070";

        assertThat(firsts(uri, IpVersionPreference.IPV4_FIRST, 12))
                .containsOnlyKeys("192.0.2.3:5070", "192.0.2.4:5070");
        assertThat(firsts(uri, IpVersionPreference.IPV6_FIRST, 12)).containsOnlyKeys("2001:db8:0:0:0:0:0:4:5070");
        assertThat(firsts(uri, IpVersionPreference.IPV6, 12)).containsOnlyKeys("2001:db8:0:0:0:0:0:4:5070");
    }

    @Test
    void theLastAnswerOutlivesARefusingAndADeadServerButNotTheName() throws Exception {
        assertThat(firsts("sip:example.test", 20)).containsOnlyKeys("192.0.2.1:5061", "192.0.2.2:5062");

        server.start("--host-record=example.test,192.0.2.9");
        assertThat(resolved("sip:example.test", TTL.toMillis())).containsOnly("192.0.2.1:5061", "192.0.2.2:5062");

        server.close();
        assertThat(resolved("sip:example.test", 2 * TTL.toMillis())).containsOnly("192.0.2.1:5061", "192.0.2.2:5062");

        server.start("--local=/example.test/", "--host-record=example.test,192.0.2.9");
        assertThat(resolved("sip:example.test", 3 * TTL.toMillis())).containsOnly("192.0.2.9:5060");

        server.start("--local=/example.test/");
        assertThat(resolved("sip:example.test", 4 * TTL.toMillis())).isEmpty();
    }

    private Map<String, Integer> firsts(String uri, int requests) throws Exception {
        return firsts(uri, IpVersionPreference.ANY, requests);
    }

    private Map<String, Integer> firsts(String uri, IpVersionPreference versions, int requests) throws Exception {
        Map<String, Integer> first = new HashMap<>();
        for (int i = 0; i < requests; i++) {
            CompletableFuture<List<InetSocketAddress>> found = new CompletableFuture<>();
            resolver.resolve(SipUri.parse(uri), draw++, versions, 0, found::complete, found::complete);
            first.merge(text(found.get(30, TimeUnit.SECONDS).get(0)), 1, Integer::sum);
        }
        return first;
    }

    /** The addresses after the lookup that this call starts has completed. */
    private List<String> resolved(String uri, long nowMs) {
        resolver.resolve(SipUri.parse(uri), draw++, IpVersionPreference.ANY, nowMs, now -> {}, later -> {});
        await().atMost(30, TimeUnit.SECONDS).until(() -> !resolver.isAsking());
        List<String> known = new ArrayList<>();
        resolver.resolve(
                SipUri.parse(uri),
                draw++,
                IpVersionPreference.ANY,
                nowMs,
                found -> found.forEach(address -> known.add(text(address))),
                later -> {});
        return known;
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }
}
