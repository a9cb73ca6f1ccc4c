package org.sipdispatch.metrics;

import com.sun.management.OperatingSystemMXBean;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import org.sipdispatch.cluster.Cluster;
import org.sipdispatch.destination.Pinger;
import org.sipdispatch.membership.ClusterMember;
import org.sipdispatch.observation.Handshakes;
import org.sipdispatch.observation.OverloadState;
import org.sipdispatch.replication.DataChecksum;
import org.sipdispatch.replication.DestinationsSnapshot;
import org.sipdispatch.replication.MaintenanceStates;
import org.sipdispatch.replication.PushedFigures;
import org.sipdispatch.tls.CertificatesInUse;
import org.sipdispatch.transport.SipLanes;

/**
 * The metrics endpoint of this node. Our own values are read at each scrape and not stored; Micrometer supplies the
 * metrics of the JVM and the process. Thread-safe.
 */
public final class Metrics implements AutoCloseable {
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    /** The response to a scrape. */
    public record ScrapeResponse(String contentType, byte[] bytes) {}

    /** Also the lock that separates concurrent scrapes. */
    private final CardinalityLimit shown;

    private final ProbeCounts probes = new ProbeCounts();
    private final LongAdder heartbeats = new LongAdder();
    private final LongAdder unusableHeartbeats = new LongAdder();
    private final LongAdder droppedAttrs = new LongAdder();
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final CertificatesInUse certificates;
    private volatile Cluster cluster;
    private volatile SipLanes traffic;
    private volatile PushedFigures figures;
    private volatile MaintenanceStates maintenance;
    private volatile ScrapeData reading = ScrapeData.empty();

    /** {@code certificates}: those that this node presents. */
    public Metrics(MetricsSettings settings, CertificatesInUse certificates) {
        this.certificates = certificates;
        this.shown = new CardinalityLimit(settings.mostDestinations());
        bindJvmMetrics();
        FunctionCounter.builder("sip.dispatcher.freeswitch.heartbeats", heartbeats, LongAdder::sum)
                .description("Heartbeats that event sockets of FreeSWITCH sent this node.")
                .register(registry);
        FunctionCounter.builder("sip.dispatcher.freeswitch.unusable.heartbeats", unusableHeartbeats, LongAdder::sum)
                .description("Heartbeats without usable numbers, which change no weight.")
                .register(registry);
        FunctionCounter.builder("sip.dispatcher.pushed.attrs.dropped", droppedAttrs, LongAdder::sum)
                .description("Attributes that rules pushed and that were dropped because too many orders wait.")
                .register(registry);
        registry.getPrometheusRegistry().register((MultiCollector) this::collect);
    }

    /** Micrometer's metrics, renamed where they break the rules of Prometheus. */
    private void bindJvmMetrics() {
        registry.config().meterFilter(MeterFilter.denyNameStartsWith("process.cpu.time"));
        registry.config().meterFilter(new MeterFilter() {
            @Override
            public Meter.Id map(Meter.Id id) {
                return id.getName().equals("system.cpu.count") ? id.withName("system.processors") : id;
            }
        });
        new ClassLoaderMetrics().bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        collections.bindTo(registry);
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
            FunctionCounter.builder("process.cpu", system, one -> one.getProcessCpuTime() / 1e9)
                    .baseUnit("seconds")
                    .description("Processor time of this process, user and system.")
                    .register(registry);
        }
    }

    /** Wraps a pinger to count its pings. */
    public Pinger counting(Pinger pinger) {
        return probes.counting(pinger);
    }

    /** Counts a heartbeat of an event socket of FreeSWITCH. */
    public void countHeartbeat(boolean usable) {
        (usable ? heartbeats : unusableHeartbeats).increment();
    }

    /** Counts attributes that a rule pushed and that were dropped. */
    public void countDroppedAttrs() {
        droppedAttrs.increment();
    }

    /** Sets the source of destinations and statuses. */
    public void setCluster(Cluster opened) {
        cluster = opened;
    }

    /** Sets the source of pushed figures. */
    public void setFigures(PushedFigures pushed) {
        figures = pushed;
    }

    /** Sets the source of which nodes are in maintenance. */
    public void setMaintenance(MaintenanceStates states) {
        maintenance = states;
    }

    /** Sets the source of traffic counters, once the lanes are open. */
    public void setTraffic(SipLanes opened) {
        traffic = opened;
    }

    /**
     * Answers a scrape.
     *
     * @param ready whether this node should receive calls
     * @param accept the scraper's header field {@code Accept}; may be empty
     */
    public CompletionStage<ScrapeResponse> scrape(boolean ready, String accept) {
        return CompletableFuture.supplyAsync(() -> {
            reading = read(ready);
            return page(accept.contains("application/openmetrics-text") ? OPEN_METRICS : TEXT);
        });
    }

    private ScrapeData read(boolean ready) {
        Cluster nowCluster = cluster;
        SipLanes nowTraffic = traffic;
        boolean carries = nowTraffic != null;
        List<ClusterMember> members = nowCluster == null ? List.of() : nowCluster.members();
        return new ScrapeData(
                known(nowCluster),
                carries ? nowTraffic.destinations() : List.of(),
                carries ? nowTraffic.shares() : Map.of(),
                carries ? nowTraffic.limitUses() : List.of(),
                probes,
                new ScrapeData.NodeData(
                        counter -> carries ? nowTraffic.count(counter) : 0,
                        why -> carries ? nowTraffic.count(why) : 0,
                        limit -> carries ? nowTraffic.count(limit) : 0,
                        carries ? nowTraffic.handshakes() : new Handshakes(),
                        carries ? nowTraffic.pending() : 0,
                        carries ? nowTraffic.lanes() : 0,
                        members,
                        nowCluster == null ? 0 : differing(nowCluster, members),
                        nowCluster == null
                                ? Map.of()
                                : nowCluster.destinations().sources(),
                        nowCluster != null && nowCluster.isMember(),
                        ready,
                        figureValues(),
                        certificates.all(),
                        certificates.refused(),
                        carries ? nowTraffic.overload() : OverloadState.NORMAL,
                        maintenance(nowTraffic)));
    }

    /** The destinations; forgets the probes of those that are not defined any more. */
    private DestinationsSnapshot known(Cluster nowCluster) {
        DestinationsSnapshot known = nowCluster == null
                ? DestinationsSnapshot.EMPTY
                : nowCluster.destinations().snapshot();
        if (known.revision() > 0) {
            List<String> ids = known.destinations().stream()
                    .map(DestinationsSnapshot.KnownDestination::id)
                    .toList();
            synchronized (shown) {
                probes.retain(ids, shown::forget);
            }
        }
        return known;
    }

    private static int differing(Cluster cluster, List<ClusterMember> members) {
        return DataChecksum.differing(cluster.destinations().checksums(), members)
                .size();
    }

    private ScrapeData.MaintenanceData maintenance(SipLanes nowTraffic) {
        MaintenanceStates states = maintenance;
        return new ScrapeData.MaintenanceData(
                states != null && states.isOn(),
                states == null ? Map.of() : states.byNode(),
                nowTraffic == null ? 0 : nowTraffic.openCalls(),
                nowTraffic == null ? 0 : nowTraffic.ringing());
    }

    private Map<String, Integer> figureValues() {
        PushedFigures nowPushed = figures;
        Map<String, Integer> values = new TreeMap<>();
        if (nowPushed != null) {
            nowPushed
                    .all()
                    .forEach((name, figure) -> values.put(name, figure.values().size()));
        }
        return values;
    }

    private MetricSnapshots collect() {
        synchronized (shown) {
            return snapshots(reading, shown, System.currentTimeMillis());
        }
    }

    static MetricSnapshots snapshots(ScrapeData reading, CardinalityLimit shown, long nowMs) {
        MetricFamilies families = new MetricFamilies();
        NodeFamilies.add(families, reading);
        shown.startScrape(reading, nowMs);
        DestinationFamilies.add(families, reading, shown);
        TargetFamilies.add(families, reading, shown);
        LimitFamilies.add(families, reading, shown);
        return new MetricSnapshots(families.all());
    }

    private ScrapeResponse page(String contentType) {
        try (ByteArrayOutputStream out = new ByteArrayOutputStream()) {
            registry.scrape(out, contentType);
            return new ScrapeResponse(contentType, out.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
