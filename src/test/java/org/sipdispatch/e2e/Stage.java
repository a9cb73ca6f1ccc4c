package org.sipdispatch.e2e;

import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.e2e.TestUserAgent.Received;

/**
 * A node, a caller and destinations that a scenario controls. The user part of the request URI selects the
 * destinations, see the rules.
 */
final class Stage implements AutoCloseable {
    private static final String RULES = """
            sockets { main = "udp:127.0.0.1:%1$d", main-tcp = "tcp:127.0.0.1:%1$d" }
            partitions { default { db_url = "file:$list" } }
            # Tests answer by hand.
            relay.t1 = 1s
            relay-defaults { fr_timeout = 2s }
            rules = [
              { when { ruri = "^sip:redirect@" }, select { set = 1, alg = 8, flags = F }, relay { mode = redirect } }
              { when { ruri = "^sip:nobody@" }
                select { set = 3, alg = 8, flags = F, unusable { code = 480, reason = "All Gone" } } }
              { when { ruri = "^sip:closed@" }, select { set = 2, alg = 8, flags = F } }
              { when { ruri = "^sip:only5xx@" }, select { set = 1, alg = 8, flags = F }, relay { failover = 5xx } }
              { when { ruri = "^sip:every@" }, select { set = 1, alg = 8, flags = F }
                relay { failover = "4xx,5xx,6xx" } }
              { when { ruri = "^sip:stateless4@" }, select { set = 4, alg = 4 }, relay { mode = stateless } }
              { when { ruri = "^sip:stateless6@" }, select { set = 4, alg = 6 }, relay { mode = stateless } }
              { when { ruri = "^sip:registrar@" }, select { set = 1, alg = 8 }, relay { path = yes } }
              { when { ruri = "^sip:closedtcp@" }, select { set = 6, alg = 8, flags = F } }
              { when { ruri = "^sip:tcp@" }, select { set = 5 } }
              { select { set = 1, alg = 8, flags = F } }
            ]
            """;

    /**
     * The user for the plain case: first, second and third destination in that order; failover for all failures except
     * 4xx.
     */
    static final String ANYBODY = "sip:anybody@dispatcher";

    final TestUserAgent caller = TestUserAgent.udp();
    final TestUserAgent tcpCaller = TestUserAgent.tcp();
    final TestUserAgent first = TestUserAgent.udp();
    final TestUserAgent second = TestUserAgent.udp();
    final TestUserAgent third = TestUserAgent.udp();
    final TestUserAgent tcp = TestUserAgent.tcp();
    final int port = Ports.next();
    private final NodeProcess node;

    private Stage() {
        String list = """
                1 sip:127.0.0.1:%1$d 0 30
                1 sip:127.0.0.1:%2$d 0 20
                1 sip:127.0.0.1:%3$d 0 10
                2 sip:127.0.0.1:%4$d 0 30
                2 sip:127.0.0.1:%1$d 0 20
                2 sip:127.0.0.1:%2$d 0 10
                3 sip:127.0.0.1:%1$d 1 0
                4 sip:127.0.0.1:%1$d
                4 sip:127.0.0.1:%2$d
                5 sip:127.0.0.1:%5$d;transport=tcp
                6 sip:127.0.0.1:%4$d;transport=tcp 0 20
                6 sip:127.0.0.1:%5$d;transport=tcp 0 10
                """.formatted(first.port(), second.port(), third.port(), Ports.next(), tcp.port());
        node = NodeProcess.start(RULES.formatted(port), list);
    }

    static Stage open() {
        return new Stage();
    }

    /** The management port of the node. */
    int managementPort() {
        return node.managementPort();
    }

    Call call(String uri) {
        return Call.to(uri, caller, port);
    }

    /** The one of the first two destinations that received the request; takes the request. */
    TestUserAgent reached(Call call, String method) {
        Awaitility.await().pollInterval(Duration.ofMillis(1)).until(() -> {
            return call.seenAt(first, method) + call.seenAt(second, method) > 0;
        });
        TestUserAgent one = call.seenAt(first, method) > 0 ? first : second;
        call.at(one, method);
        return one;
    }

    /** Sends one more call that ends at once, so that the node has processed all earlier messages. */
    void awaitProcessed() {
        Call marker = call("sip:nobody@dispatcher");
        Received refusal = marker.response(480);
        marker.acknowledge(refusal);
    }

    @Override
    public void close() {
        List.of(caller, tcpCaller, first, second, third, tcp).forEach(TestUserAgent::close);
        node.close();
    }
}
