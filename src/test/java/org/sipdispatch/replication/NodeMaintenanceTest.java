package org.sipdispatch.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class NodeMaintenanceTest {
    private static final NodeMaintenance STATE =
            new NodeMaintenance(5, Map.of("udp:10.0.0.2:5060", "main", "tcp:[2001:db8::2]:5060", "a=b c"));

    @Test
    void otherNodesReadWhatANodeWrites() {
        NodeMaintenance off = new NodeMaintenance(0, Map.of());

        assertThat(NodeMaintenance.decoded(Map.of("n1", STATE.encoded(), "n2", off.encoded())))
                .isEqualTo(Map.of("n1", STATE, "n2", off));
        assertThat(off.isOn()).isFalse();
    }

    @Test
    void whatHasAnUnknownFormIsLeftOut() {
        assertThat(NodeMaintenance.decoded(Map.of("n1", "on", "n2", "5\nno socket", "n3", "")))
                .isEqualTo(Map.of("n2", new NodeMaintenance(5, Map.of())));
    }
}
