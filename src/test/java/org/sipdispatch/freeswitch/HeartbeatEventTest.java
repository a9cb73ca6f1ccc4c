package org.sipdispatch.freeswitch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeartbeatEventTest {
    /** The formula of OpenSIPS: round(max * (1 - sessions / max_sessions) * idle_cpu / 100). */
    @ParameterizedTest
    @CsvSource({
        // max, sessions, max_sessions, idle_cpu, weight
        "100,     0, 1000, 100.000000, 100",
        "100,     0, 1000,  97.400000,  97",
        "100,     0, 1000,  97.500000,  98",
        "100,     1, 1000, 100.000000, 100",
        "100,     5, 1000, 100.000000, 100",
        "100,    10, 1000, 100.000000,  99",
        "100,   250, 1000,  80.000000,  60",
        "100,   333, 1000,  66.666667,  44",
        "100,   500, 1000, 100.000000,  50",
        "100,   500, 1000,  50.000000,  25",
        "100,   995, 1000, 100.000000,   0",
        "100,   994, 1000, 100.000000,   1",
        "100,   999, 1000,  99.000000,   0",
        "100,  1000, 1000, 100.000000,   0",
        "100,     0, 1000,   0.000000,   0",
        "100,  1200, 1000,  90.000000,   0",
        "100,     1,    3, 100.000000,  67",
        "100,     2,    3, 100.000000,  33",
        "50,    250, 1000,  80.000000,  30",
        "1,     500, 1000, 100.000000,   1",
        "1,     501, 1000, 100.000000,   0",
        "65535,   0,    1, 100.000000, 65535",
        "65535, 123, 4567,  12.345679, 7873"
    })
    void theWeightIsThatOfOpenSips(int max, String sessions, String most, String idle, int weight) {
        assertThat(event(sessions, most, idle).weight(max)).isEqualTo(weight);
    }

    @ParameterizedTest
    @CsvSource({
        "'', 1000, 99.0",
        "5, 0, 99.0",
        "5, 1000, 100.1",
        "5, 1000, nan",
        "-1, 1000, 5",
        "5, 1e3, 99.0",
        "99999999999, 1000, 1",
        "5, 1000, ''"
    })
    void anEventWithoutUsableValuesIsNoHeartbeat(String sessions, String most, String idle) {
        assertThat(event(sessions, most, idle)).isNull();
    }

    private static HeartbeatEvent event(String sessions, String most, String idle) {
        return HeartbeatEvent.of(
                Map.of("event-name", "HEARTBEAT", "session-count", sessions, "max-sessions", most, "idle-cpu", idle));
    }
}
