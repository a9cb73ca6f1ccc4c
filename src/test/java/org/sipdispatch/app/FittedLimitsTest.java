package org.sipdispatch.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import org.junit.jupiter.api.Test;
import org.sipdispatch.app.FittedLimits.Resources;
import org.sipdispatch.transport.TransportSettings;

/** The limits of a node fit its heap and its file descriptors. */
class FittedLimitsTest {
    private static final long MIB = 1 << 20;
    private static final long DESCRIPTORS = 65_536;

    private static FittedLimits fitted(String settings, long heapMib, long descriptors) {
        NodeSettings read = NodeSettings.from(ConfigFactory.parseString(settings)
                .withFallback(ConfigFactory.parseString("""
                        sockets.u = "udp:127.0.0.1:59062"
                        partitions.default.db_url = "file:conf/dispatcher.list"
                        rules = [ { select.set = 1 } ]
                        """))
                .withFallback(ConfigFactory.defaultReference().resolve().getConfig("sip-dispatcher")));
        return FittedLimits.of(read, new Resources(heapMib * MIB, descriptors, 100));
    }

    private static TransportSettings transport(FittedLimits limits) {
        return limits.settings().traffic().transport();
    }

    /** The heap limit that the virtual machine reports for -Xmx1g with the start script's collector. */
    @Test
    void theDefaultsFitTheStartScript() {
        FittedLimits one = fitted("", 989, DESCRIPTORS);
        FittedLimits two = fitted("transport.lanes = 2", 989, DESCRIPTORS);

        assertThat(one.lines()).isEmpty();
        assertThat(two.lines()).isEmpty();
        assertThat(one.settings().traffic().relay().transactionMemory()).isEqualTo(128 << 20);
        assertThat(transport(one).maxConnections()).isEqualTo(10_000);
    }

    @Test
    void aSmallHeapLowersWhatFillsIt() {
        FittedLimits small = fitted("", 62, DESCRIPTORS);

        assertThat(small.lines()).hasSize(1);
        assertThat(small.lines().get(0))
                .startsWith("-Xmx: 62 MiB for 1 lane (expected: ")
                .contains("relay.transaction-memory 128 MiB")
                .endsWith("Raise -Xmx in JAVA_OPTS or lower these");
        long held = small.settings().traffic().relay().transactionMemory()
                + transport(small).maxBuffered();
        assertThat(held).isLessThan(16 * MIB);
        assertThat(transport(small).maxConnections()).isBetween(8, 1_000);
    }

    @Test
    void manyLanesShareTheHeap() {
        FittedLimits many = fitted("transport.lanes = 8", 989, DESCRIPTORS);

        assertThat(many.lines()).hasSize(1).first().asString().startsWith("-Xmx: 989 MiB for 8 lanes");
        assertThat(many.settings().traffic().relay().transactionMemory() * 8L).isLessThan(400 * MIB);
    }

    @Test
    void theHeapThatIsAskedForIsEnough() {
        for (String settings : new String[] {"", "transport.lanes = 3", "relay.transaction-memory = 1GiB"}) {
            String line = fitted(settings, 128, DESCRIPTORS).lines().get(0);
            long enough = Long.parseLong(line.replaceAll(".*expected: (\\d+) MiB or more.*", "$1"));

            assertThat(fitted(settings, enough, DESCRIPTORS).lines()).isEmpty();
            assertThat(fitted(settings, enough - 3, DESCRIPTORS).lines()).hasSize(1);
        }
    }

    @Test
    void fewFileDescriptorsLowerTheConnections() {
        FittedLimits few = fitted("", 989, 1_024);

        assertThat(few.lines())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).startsWith("ulimit -n: 1024 (expected: "));
        assertThat(few.lines().get(1)).contains("transport.tcp.max-connections 10000");
        assertThat(few.settings().management().maxConnections()).isEqualTo(128);
        TransportSettings used = transport(few);
        assertThat(used.maxConnections() + used.maxOutbound() + used.maxIcmpSockets())
                .isBetween(400, 800);
        assertThat(used.maxOutbound()).isPositive();
    }

    @Test
    void theFileDescriptorsThatAreAskedForAreEnough() {
        for (String settings : new String[] {"", "transport.lanes = 3", "transport.icmp-unreachable = off"}) {
            String line = fitted(settings, 8_000, 3_000).lines().get(0);
            long enough = Long.parseLong(line.replaceAll(".*expected: (\\d+) or more.*", "$1"));

            assertThat(fitted(settings, 8_000, enough).lines()).isEmpty();
            assertThat(fitted(settings, 8_000, enough - 1).lines()).hasSize(1);
        }
    }

    @Test
    void whatNothingLimitsIsNotLowered() {
        assertThat(fitted("", 989, 0).lines()).isEmpty();
    }
}
