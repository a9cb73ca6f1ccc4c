package org.sipdispatch.manage;

import akka.actor.ActorSystem;
import akka.http.javadsl.ConnectionContext;
import akka.http.javadsl.Http;
import akka.http.javadsl.HttpsConnectionContext;
import akka.http.javadsl.ServerBinding;
import akka.http.javadsl.ServerBuilder;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.server.AllDirectives;
import akka.http.javadsl.server.Route;
import akka.http.javadsl.settings.ServerSettings;
import akka.stream.javadsl.Flow;
import com.typesafe.config.Config;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.sipdispatch.cluster.AkkaManagementRoutes;
import org.sipdispatch.membership.NodeCertificate;
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.tls.CertificatesInUse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The management HTTP server. It has its own actor system and runs as long as the process: operators need it most while
 * this node is out of the cluster and its cluster actor system restarts.
 */
public final class ManageServer extends AllDirectives implements AkkaManagementRoutes, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ManageServer.class);
    private static final String PORT = "management.port";
    private static final int SECONDS_TO_BIND = 20;
    private static final Duration TO_END = Duration.ofSeconds(1);
    private static final int SECONDS_TO_END = 5;

    /**
     * Connections beyond the limit: for those that are being closed, and for health checks while all others are busy.
     */
    private static final int SPARE = 64;

    private final ActorSystem system;
    private final Route own;
    private final AtomicReference<Route> clusterRoutes = new AtomicReference<>();
    private final ServerBinding binding;

    /** Null without TLS. */
    private final ManageTls tls;

    /**
     * Starts the server. It accepts requests when this returns.
     *
     * @param nodes the certificates of {@code cluster.tls}
     * @param systemConfig the configuration of its actor system
     * @param certificates receives the certificate that the server presents
     * @throws SettingException if the address or port cannot be bound, or a certificate cannot be used
     */
    public static ManageServer start(
            ManageSettings settings,
            NodeCertificate nodes,
            Config systemConfig,
            ApiDependencies dependencies,
            CertificatesInUse certificates) {
        ManageTls tls = settings.tls().isOn() ? new ManageTls(settings.tls(), nodes) : null;
        checkFree(settings);
        ActorSystem system = ActorSystem.create("sip-dispatcher-manage", systemConfig);
        try {
            ManageServer server = new ManageServer(settings, system, dependencies, tls);
            if (tls != null) {
                tls.watch(system, certificates);
            }
            return server;
        } catch (RuntimeException e) {
            end(system);
            throw e;
        }
    }

    /** Checked first, because Akka would log a stack trace. */
    private static void checkFree(ManageSettings settings) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(settings.host(), settings.port()));
        } catch (IOException e) {
            throw notFree(settings, e);
        }
    }

    private static SettingException notFree(ManageSettings settings, Throwable why) {
        return new SettingException(
                PORT,
                settings.host() + ":" + settings.port(),
                "an address of this host with a port that is free; " + why.getMessage());
    }

    private ManageServer(ManageSettings settings, ActorSystem system, ApiDependencies dependencies, ManageTls tls) {
        this.system = system;
        this.tls = tls;
        own = new DispatcherRoutes(dependencies).route();
        Route all = withRequestTimeoutResponse(
                request -> ErrorResponses.of(503, "request: not answered in time (expected: an answer)"),
                () -> concat(own, extractRequest(request -> inCluster())));
        AccessFilter guard = new AccessFilter(settings, dependencies.operations(), system, sealed(all));
        ServerBuilder builder = Http.get(system)
                .newServerAt(settings.host(), settings.port())
                .withSettings(ServerSettings.create(system).withMaxConnections(settings.maxConnections() + SPARE));
        if (tls != null) {
            builder = builder.enableHttps(ConnectionContext.httpsServer(tls::serverEngine));
        }
        binding = bound(settings, builder, guard);
        LOG.info(
                "management at {}://{}:{}{}",
                tls == null ? "http" : "https",
                settings.host().contains(":") ? "[" + settings.host() + "]" : settings.host(),
                port(),
                settings.requiresAuthentication() ? "" : ", without authentication for clients on this host");
    }

    private java.util.function.Function<HttpRequest, CompletionStage<HttpResponse>> sealed(Route all) {
        akka.japi.function.Function<HttpRequest, CompletionStage<HttpResponse>> answer =
                ErrorResponses.sealed(all).handler(system);
        return request -> {
            try {
                return answer.apply(request);
            } catch (Exception e) {
                return java.util.concurrent.CompletableFuture.completedFuture(ErrorResponses.of(request, e));
            }
        };
    }

    private static ServerBinding bound(ManageSettings settings, ServerBuilder builder, AccessFilter guard) {
        HttpConnectionStage each =
                new HttpConnectionStage(new HttpConnections(settings.maxConnections()), guard::answer);
        try {
            return builder.bindFlow(Flow.fromGraph(each)).toCompletableFuture().get(SECONDS_TO_BIND, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw notFree(settings, e.getCause());
        } catch (TimeoutException e) {
            throw new SettingException(
                    PORT,
                    settings.host() + ":" + settings.port(),
                    "an address that this host opens within " + SECONDS_TO_BIND + " s; the host is slow or overloaded");
        }
    }

    /** The routes of Akka Management while this node is in the cluster. */
    private Route inCluster() {
        Route now = clusterRoutes.get();
        return now != null
                ? now
                : pathPrefix(
                        akka.http.javadsl.server.PathMatchers.segment(
                                java.util.regex.Pattern.compile("cluster|bootstrap")),
                        unused -> complete(ErrorResponses.of(
                                503, "node: not in the cluster now (expected: a cluster member, or this node later)")));
    }

    @Override
    public boolean areServed() {
        return true;
    }

    @Override
    public void begin(Route routes) {
        clusterRoutes.set(routes);
    }

    @Override
    public void end(Route routes) {
        clusterRoutes.compareAndSet(routes, null);
    }

    @Override
    public HttpsConnectionContext toOtherNodes() {
        return tls == null ? null : tls.toOtherNodes();
    }

    /** The bound port. */
    public int port() {
        return binding.localAddress().getPort();
    }

    /** Stops the server. Requests in progress get a short time to finish. */
    @Override
    public void close() {
        await(binding.terminate(TO_END));
        end(system);
    }

    private static void end(ActorSystem system) {
        system.terminate();
        await(system.getWhenTerminated());
    }

    private static void await(CompletionStage<?> end) {
        end.toCompletableFuture()
                .handle((done, failure) -> true)
                .completeOnTimeout(false, SECONDS_TO_END, TimeUnit.SECONDS)
                .join();
    }
}
