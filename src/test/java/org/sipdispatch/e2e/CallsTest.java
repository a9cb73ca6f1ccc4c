package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.agents.Ports;

/**
 * Two thousand calls at 150 per second, alternately to two destinations, over all transports at the same time.
 */
class CallsTest {
    private static final int CALLS = 2000;
    private static final int PER_SECOND = 150;

    /** One caller and its two destinations. */
    private record Run(Sipp caller, Sipp first, Sipp second) {}

    private static final Map<String, Run> RUNS = new TreeMap<>();
    private static NodeProcess node;

    @BeforeAll
    static void placeCalls() {
        if (!Sipp.isPresent()) {
            return;
        }
        int port = Ports.next();
        Map<String, Sipp[]> callees = new TreeMap<>();
        StringBuilder list = new StringBuilder();
        addSet(1, "udp-udp", callees, list);
        addSet(2, "tcp-tcp", callees, list);
        addSet(3, "udp-tcp", callees, list);
        node = NodeProcess.start("""
                sockets { main = "udp:127.0.0.1:%1$d", main-tcp = "tcp:127.0.0.1:%1$d" }
                partitions { default { db_url = "file:$list" } }
                rules = [
                  { when { ruri = "^sip:udp-udp@" }, select { set = 1, alg = 4 } }
                  { when { ruri = "^sip:tcp-tcp@" }, select { set = 2, alg = 4 } }
                  { when { ruri = "^sip:udp-tcp@" }, select { set = 3, alg = 4 } }
                ]
                """.formatted(port), list.toString());
        callees.forEach((way, two) ->
                RUNS.put(way, new Run(Sipp.caller(way.substring(0, 3), way, port, CALLS, PER_SECOND), two[0], two[1])));
    }

    private static void addSet(int set, String way, Map<String, Sipp[]> callees, StringBuilder list) {
        String transport = way.substring(4);
        Sipp[] two = {Sipp.callee(transport), Sipp.callee(transport)};
        callees.put(way, two);
        for (Sipp callee : two) {
            list.append("%d sip:127.0.0.1:%d;transport=%s%n".formatted(set, callee.port(), transport));
        }
    }

    @AfterAll
    static void close() {
        for (Run run : RUNS.values()) {
            run.caller().close();
            run.first().close();
            run.second().close();
        }
        if (node != null) {
            node.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"udp-udp", "tcp-tcp", "udp-tcp"})
    void noneOfTheCallsFailsAndEachDestinationGetsHalfOfThem(String way) {
        Sipp.assumePresent();
        Run run = RUNS.get(way);

        assertThat(run.caller().failedCalls()).isZero();
        assertThat(run.caller().goodCalls()).isEqualTo(CALLS);
        assertThat(run.first().invitesReceived()).isEqualTo(CALLS / 2);
        assertThat(run.second().invitesReceived()).isEqualTo(CALLS / 2);
    }
}
