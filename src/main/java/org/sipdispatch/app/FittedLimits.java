package org.sipdispatch.app;

import com.sun.management.UnixOperatingSystemMXBean;
import com.typesafe.config.ConfigValueFactory;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.sipdispatch.proxy.RelaySettings;
import org.sipdispatch.transport.Traffic;
import org.sipdispatch.transport.TransportSettings;

/** The limits of a node, lowered to what its heap and its file descriptors allow, and a line for each that was. */
final class FittedLimits {
    private static final long MIB = 1 << 20;
    private static final String QUEUE = "sip-socket-mailbox.mailbox-bytes";

    /** What a node needs of the heap beside what is limited. */
    private static final long OTHER_BYTES = 40 * MIB;
    /** How much of the rest the limits may take together, in percent: a collector needs room for what comes and goes. */
    private static final long PERCENT = 60;
    /** About what a TCP connection takes beside the bytes that it holds. */
    private static final long CONNECTION_BYTES = 6 * 1024;

    /** The part of that which connections may take without what they hold, where there is not enough for all. */
    private static final long PART_OF_CONNECTIONS = 4;

    private static final int LEAST_CONNECTIONS = 8;
    private static final int LEAST_SOCKETS = 2;

    /** What is opened after the settings are read: journal, cluster, sockets and selectors. */
    private static final long OTHER_DESCRIPTORS = 48;
    /** What a lane needs beside its sockets and connections, with those connections that are taken but not decided about. */
    private static final long LANE_DESCRIPTORS = 32;
    /** The part of all file descriptors that operators may take, at most. */
    private static final long PART_OF_MANAGEMENT = 8;

    /** What this process has, in bytes and file descriptors, and how many of these it has open; 0 if nothing limits it. */
    record Means(long heapBytes, long descriptors, long openDescriptors) {
        static Means ofProcess() {
            long heap = Runtime.getRuntime().maxMemory();
            return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                    ? new Means(heap, system.getMaxFileDescriptorCount(), system.getOpenFileDescriptorCount())
                    : new Means(heap, 0, 0);
        }
    }

    private final Means means;
    private final List<String> lines = new ArrayList<>();
    private NodeSettings settings;

    private FittedLimits(NodeSettings settings, Means means) {
        this.settings = settings;
        this.means = means;
    }

    /** Fits the settings to these means. */
    static FittedLimits of(NodeSettings settings, Means means) {
        FittedLimits fitted = new FittedLimits(settings, means);
        fitted.fitHeap();
        if (means.descriptors > 0) {
            fitted.fitManagement();
            fitted.fitDescriptors();
        }
        return fitted;
    }

    NodeSettings settings() {
        return settings;
    }

    /** What was lowered, and which setting to change; one line each. */
    List<String> lines() {
        return lines;
    }

    private void fitHeap() {
        RelaySettings relay = settings.traffic().relay();
        TransportSettings transport = settings.traffic().transport();
        long queue = settings.traffic().laneSystem().getBytes(QUEUE);
        long bytes = relay.transactionMemory() + transport.maxBuffered() + queue;
        long ofConnections = (transport.maxConnections() + transport.maxOutbound()) * CONNECTION_BYTES;
        long wanted = bytes + ofConnections;
        long had = Math.max(0, means.heapBytes - OTHER_BYTES) * PERCENT / 100 / transport.lanes();
        if (wanted <= had) {
            return;
        }
        long leftOfConnections = Math.min(ofConnections, had / PART_OF_CONNECTIONS);
        double fewer = (double) leftOfConnections / ofConnections;
        double less = (double) (had - leftOfConnections) / bytes;
        RelaySettings fittedRelay = relay.withTransactionMemory(part(relay.transactionMemory(), less));
        TransportSettings fitted = transport
                .withMaxBuffered(part(transport.maxBuffered(), less))
                .withPlaces(
                        Math.min(
                                transport.maxConnections(),
                                atLeast(LEAST_CONNECTIONS, transport.maxConnections() * fewer)),
                        Math.min(transport.maxOutbound(), atLeast(LEAST_SOCKETS, transport.maxOutbound() * fewer)),
                        transport.maxIcmpSockets());
        lines.add("-Xmx: " + mib(means.heapBytes) + " for " + lanes(transport) + " (expected: "
                + mib(OTHER_BYTES + wanted * transport.lanes() * 100 / PERCENT + MIB)
                + " or more for relay.transaction-memory " + mib(relay.transactionMemory())
                + ", transport.tcp.max-buffered " + mib(transport.maxBuffered()) + ", max-connections "
                + transport.maxConnections() + " and max-outbound " + transport.maxOutbound()
                + " of each lane); used are " + mib(fittedRelay.transactionMemory()) + ", " + mib(fitted.maxBuffered())
                + ", "
                + fitted.maxConnections() + " and " + fitted.maxOutbound()
                + ". Raise -Xmx in JAVA_OPTS or lower these");
        use(fittedRelay, fitted, part(queue, less));
    }

    private static int part(long bytes, double part) {
        return (int) Math.min(bytes, Math.max(1, (long) (bytes * part) / MIB) * MIB);
    }

    private static int atLeast(int least, double number) {
        return (int) Math.max(least, number);
    }

    private static String mib(long bytes) {
        return bytes / MIB + " MiB";
    }

    private static String lanes(TransportSettings transport) {
        return transport.lanes() + (transport.lanes() == 1 ? " lane" : " lanes");
    }

    private void use(RelaySettings relay, TransportSettings transport, long queue) {
        Traffic.Setup traffic = settings.traffic();
        settings = settings.with(new Traffic.Setup(
                traffic.laneSystem().withValue(QUEUE, ConfigValueFactory.fromAnyRef(queue)),
                transport,
                traffic.sockets(),
                relay,
                traffic.routing()));
    }

    private void fitManagement() {
        int most = atLeast(LEAST_CONNECTIONS, (double) means.descriptors / PART_OF_MANAGEMENT);
        int wanted = settings.management().maxConnections();
        if (wanted > most) {
            lines.add("ulimit -n: " + means.descriptors + " (expected: " + wanted * PART_OF_MANAGEMENT
                    + " or more for management.max-connections " + wanted + "); used are " + most
                    + ". Raise it, with systemd by LimitNOFILE, or lower that");
            settings = settings.with(settings.management().withMaxConnections(most));
        }
    }

    private void fitDescriptors() {
        TransportSettings transport = settings.traffic().transport();
        int sockets = settings.sockets().all().size();
        int icmp = transport.icmp() ? transport.maxIcmpSockets() : 0;
        long wanted = (long) transport.maxConnections() + transport.maxOutbound() + icmp;
        long others = means.openDescriptors
                + OTHER_DESCRIPTORS
                + settings.management().maxConnections()
                + transport.lanes() * (LANE_DESCRIPTORS + sockets);
        long had = Math.max(0, means.descriptors - others) / transport.lanes();
        if (wanted <= had) {
            return;
        }
        int outbound = Math.min(transport.maxOutbound(), atLeast(LEAST_SOCKETS, had / 8));
        int watched = Math.min(icmp, atLeast(LEAST_SOCKETS, had / 4));
        int connections = Math.min(transport.maxConnections(), atLeast(LEAST_CONNECTIONS, had - outbound - watched));
        lines.add("ulimit -n: " + means.descriptors + " (expected: " + (others + wanted * transport.lanes())
                + " or more for transport.tcp.max-connections " + transport.maxConnections() + ", max-outbound "
                + transport.maxOutbound() + " and " + icmp + " sockets for ICMP of each of " + lanes(transport)
                + "); used are " + connections + ", " + outbound + " and " + watched
                + ". Raise it, with systemd by LimitNOFILE, or lower these");
        use(
                settings.traffic().relay(),
                transport.withPlaces(connections, outbound, watched),
                settings.traffic().laneSystem().getBytes(QUEUE));
    }
}
