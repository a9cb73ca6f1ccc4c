package org.sipdispatch.app;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.sipdispatch.proxy.RelaySettings;
import org.sipdispatch.transport.TrafficSetup;
import org.sipdispatch.transport.TransportSettings;

/** Lowers the limits of a node to what its heap and file descriptors allow, with a log line for each group. */
final class FittedLimits {
    private static final long MIB = 1 << 20;

    /** The heap that a node needs in addition to the limited parts. */
    private static final long RESERVED_BYTES = 40 * MIB;
    /** Share of the rest that all limits together may take, in percent: the collector needs free space. */
    private static final long PERCENT = 60;
    /** Approximate heap of a TCP connection without buffered bytes. */
    private static final long CONNECTION_BYTES = 6 * 1024;

    /** Connections without buffered bytes may take one such part if the heap is too small. */
    private static final long PART_OF_CONNECTIONS = 4;

    private static final int LEAST_CONNECTIONS = 8;
    private static final int LEAST_SOCKETS = 2;

    /** Descriptors that are opened after the settings are read: journal, cluster, sockets and selectors. */
    private static final long RESERVED_DESCRIPTORS = 48;
    /** Other descriptors of a lane, including accepted connections that may be closed at once. */
    private static final long LANE_DESCRIPTORS = 32;
    /** Management connections may take one such part of all file descriptors. */
    private static final long PART_OF_MANAGEMENT = 8;

    /** The process's heap limit in bytes, its descriptor limit (0 for none) and its open descriptors. */
    record Resources(long heapBytes, long descriptors, long openDescriptors) {
        static Resources ofProcess() {
            long heap = Runtime.getRuntime().maxMemory();
            return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                    ? new Resources(heap, system.getMaxFileDescriptorCount(), system.getOpenFileDescriptorCount())
                    : new Resources(heap, 0, 0);
        }
    }

    private final Resources resources;
    private final List<String> lines = new ArrayList<>();
    private NodeSettings settings;

    private FittedLimits(NodeSettings settings, Resources means) {
        this.settings = settings;
        this.resources = means;
    }

    /** Lowers the limits of the settings to fit these resources. */
    static FittedLimits of(NodeSettings settings, Resources means) {
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

    /** One line for each group of lowered limits, with the setting to change. */
    List<String> lines() {
        return lines;
    }

    private void fitHeap() {
        RelaySettings relay = settings.traffic().relay();
        TransportSettings transport = settings.traffic().transport();
        long bytes = relay.transactionMemory() + transport.maxBuffered();
        long ofConnections = (transport.maxConnections() + transport.maxOutbound()) * CONNECTION_BYTES;
        long wanted = bytes + ofConnections;
        long had = Math.max(0, resources.heapBytes - RESERVED_BYTES) * PERCENT / 100 / transport.lanes();
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
        lines.add("-Xmx: " + mib(resources.heapBytes) + " for " + lanes(transport) + " (expected: "
                + mib(RESERVED_BYTES + wanted * transport.lanes() * 100 / PERCENT + MIB)
                + " or more for relay.transaction-memory " + mib(relay.transactionMemory())
                + ", transport.tcp.max-buffered " + mib(transport.maxBuffered()) + ", max-connections "
                + transport.maxConnections() + " and max-outbound " + transport.maxOutbound()
                + " of each lane); using " + mib(fittedRelay.transactionMemory()) + ", " + mib(fitted.maxBuffered())
                + ", "
                + fitted.maxConnections() + " and " + fitted.maxOutbound()
                + ". Raise -Xmx in JAVA_OPTS or lower these");
        use(fittedRelay, fitted);
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

    private void use(RelaySettings relay, TransportSettings transport) {
        TrafficSetup traffic = settings.traffic();
        settings = settings.with(new TrafficSetup(
                traffic.laneSystem(), transport, traffic.tls(), traffic.sockets(), relay, traffic.routing()));
    }

    private void fitManagement() {
        int most = atLeast(LEAST_CONNECTIONS, (double) resources.descriptors / PART_OF_MANAGEMENT);
        int wanted = settings.management().maxConnections();
        if (wanted > most) {
            lines.add("ulimit -n: " + resources.descriptors + " (expected: " + wanted * PART_OF_MANAGEMENT
                    + " or more for management.max-connections " + wanted + "); using " + most
                    + ". Raise it, with systemd by LimitNOFILE, or lower that");
            settings = settings.with(settings.management().withMaxConnections(most));
        }
    }

    private void fitDescriptors() {
        TransportSettings transport = settings.traffic().transport();
        int sockets = settings.sockets().all().size();
        int icmp = transport.icmp() ? transport.maxIcmpSockets() : 0;
        long wanted = (long) transport.maxConnections() + transport.maxOutbound() + icmp;
        long others = resources.openDescriptors
                + RESERVED_DESCRIPTORS
                + settings.management().maxConnections()
                + transport.lanes() * (LANE_DESCRIPTORS + sockets);
        long had = Math.max(0, resources.descriptors - others) / transport.lanes();
        if (wanted <= had) {
            return;
        }
        int outbound = Math.min(transport.maxOutbound(), atLeast(LEAST_SOCKETS, had / 8));
        int watched = Math.min(icmp, atLeast(LEAST_SOCKETS, had / 4));
        int connections = Math.min(transport.maxConnections(), atLeast(LEAST_CONNECTIONS, had - outbound - watched));
        lines.add("ulimit -n: " + resources.descriptors + " (expected: " + (others + wanted * transport.lanes())
                + " or more for transport.tcp.max-connections " + transport.maxConnections() + ", max-outbound "
                + transport.maxOutbound() + " and " + icmp + " sockets for ICMP of each of " + lanes(transport)
                + "); using " + connections + ", " + outbound + " and " + watched
                + ". Raise it, with systemd by LimitNOFILE, or lower these");
        use(settings.traffic().relay(), transport.withPlaces(connections, outbound, watched));
    }
}
