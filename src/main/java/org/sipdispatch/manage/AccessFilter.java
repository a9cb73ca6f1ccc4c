package org.sipdispatch.manage;

import akka.actor.ClassicActorSystemProvider;
import akka.http.javadsl.model.HttpEntity;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpMethods;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.headers.Host;
import akka.http.javadsl.model.headers.RawHeader;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.sipdispatch.operations.OperationCaller;
import org.sipdispatch.operations.Operations;
import org.sipdispatch.operations.Role;
import org.sipdispatch.settings.LoopbackName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Authentication, authorisation and rate limiting for all routes. */
final class AccessFilter {
    private static final Logger LOG = LoggerFactory.getLogger(AccessFilter.class);
    private static final Set<String> PUBLIC_PATHS = Set.of("/alive", "/ready", "/bootstrap/seed-nodes");
    private static final String PAGE = "/dispatcher/ui";
    /** POST requests that may only read. The operation checks the role again if it changes something. */
    private static final Set<String> READING_POSTS = Set.of("/mi", "/dispatcher/pick", "/dispatcher/reload");

    /** The web page loads some twenty files at once. */
    private static final int FEWEST_FILES = 100;

    private static final long LOG_NANOS = 1_000_000_000L;

    private final ManageSettings settings;
    private final Authenticator admission;
    private final RateLimiter rates;
    private final RateLimiter probeRates;
    private final RateLimiter fileRates;
    private final Operations operations;
    private final RequestBodyReader bodies;
    private final Function<HttpRequest, CompletionStage<HttpResponse>> routes;
    private final AtomicLong loggedNanos = new AtomicLong(System.nanoTime() - LOG_NANOS);

    AccessFilter(
            ManageSettings settings,
            Operations operations,
            ClassicActorSystemProvider system,
            Function<HttpRequest, CompletionStage<HttpResponse>> routes) {
        this.settings = settings;
        this.admission = new Authenticator(settings);
        int most = settings.maxRequestsPerSecond();
        this.rates = new RateLimiter(most);
        this.probeRates = new RateLimiter(most);
        this.fileRates = new RateLimiter(most == 0 ? 0 : Math.max(most, FEWEST_FILES));
        this.operations = operations;
        this.bodies = new RequestBodyReader(system, settings.maxBody());
        this.routes = routes;
    }

    CompletionStage<HttpResponse> answer(HttpRequest request) {
        String from = Authenticator.address(request);
        if (isHealthCheck(request)) {
            return limited(request, probeRates, from, from, () -> routes.apply(request));
        } else if (isUiFile(request)) {
            return limited(request, fileRates, from, from, () -> routes.apply(request));
        }
        Optional<OperationCaller> caller = admission.authenticate(request);
        // Unauthenticated requests share one bucket for each address, so that they do not use up the limit of an
        // authenticated caller.
        String who = from + caller.map(known -> " " + known.name()).orElse("");
        return limited(request, rates, who, from, () -> answer(request, caller, from));
    }

    private CompletionStage<HttpResponse> limited(
            HttpRequest request,
            RateLimiter limit,
            String who,
            String from,
            Supplier<CompletionStage<HttpResponse>> answer) {
        return limit.allows(who, System.nanoTime()) ? answer.get() : refuse(request, tooMany(limit, from));
    }

    private CompletionStage<HttpResponse> answer(HttpRequest request, Optional<OperationCaller> caller, String from) {
        if (!isHostOurs(request)) {
            return refuse(
                    request, ErrorResponses.of(403, "Host: " + header(request, "Host") + " (expected: this host)"));
        } else if (!isOriginOurs(request)) {
            return refuse(
                    request,
                    ErrorResponses.of(
                            403, "Origin: " + header(request, "Origin") + " (expected: a page of this node)"));
        }
        return caller.isEmpty() ? refuse(request, unauthenticated(request, from)) : authorize(request, caller.get());
    }

    private CompletionStage<HttpResponse> authorize(HttpRequest request, OperationCaller caller) {
        if (needed(request) == Role.WRITE && caller.role() != Role.WRITE) {
            return refuse(
                    request, ErrorResponses.of(403, "role: read (expected: write, since this changes something)"));
        }
        return bodies.read(request)
                .thenCompose(read -> read.error() == RequestBodyReader.BodyError.NONE
                        ? pass(CallerAttribute.with(read.request(), caller), caller)
                        : CompletableFuture.completedFuture(closing(unread(read.error()))));
    }

    /** Requests to Akka Management's own routes bypass the operations; record them in the history too. */
    private CompletionStage<HttpResponse> pass(HttpRequest request, OperationCaller caller) {
        String path = request.getUri().getPathString();
        if (isReading(request) || !(path.equals("/cluster") || path.startsWith("/cluster/"))) {
            return routes.apply(request);
        }
        String order = request.method().value() + " " + path + " " + text(request.entity());
        return routes.apply(request)
                .thenCompose(response -> operations
                        .history()
                        .recordOutcome(
                                caller,
                                "cluster",
                                order.strip(),
                                response.status().intValue() + "")
                        .thenApply(kept -> response));
    }

    private static String text(HttpEntity entity) {
        return entity instanceof HttpEntity.Strict strict ? strict.getData().utf8String() : "";
    }

    private static boolean isReading(HttpRequest request) {
        return request.method().equals(HttpMethods.GET) || request.method().equals(HttpMethods.HEAD);
    }

    private static Role needed(HttpRequest request) {
        boolean asked = request.method().equals(HttpMethods.POST)
                && READING_POSTS.contains(request.getUri().getPathString());
        return isReading(request) || asked ? Role.READ : Role.WRITE;
    }

    /** Health checks, and the seed node request of Cluster Bootstrap. */
    private static boolean isHealthCheck(HttpRequest request) {
        return isReading(request) && PUBLIC_PATHS.contains(request.getUri().getPathString());
    }

    /** The web page's files, which contain no data. */
    private static boolean isUiFile(HttpRequest request) {
        String path = request.getUri().getPathString();
        return isReading(request)
                && (path.equals("/")
                        || path.equals(PAGE)
                        || path.startsWith(PAGE + "/") && path.matches("[A-Za-z0-9/_.-]+") && !path.contains(".."));
    }

    /**
     * Protects against DNS rebinding: without authentication, a page in a browser on this host must not reach us under
     * its own host name.
     */
    private boolean isHostOurs(HttpRequest request) {
        if (settings.requiresAuthentication()) {
            return true;
        }
        Optional<Host> host = request.getHeader(Host.class);
        if (host.isEmpty()) {
            return true;
        }
        String name = host.get().host().address();
        return LoopbackName.isLoopback(name) || name.equalsIgnoreCase(settings.host());
    }

    /** Protects against cross-site requests: a browser sends stored credentials with them, and the page's origin. */
    private static boolean isOriginOurs(HttpRequest request) {
        String origin = header(request, "Origin");
        return origin.isEmpty() || OriginCheck.isOf(origin, header(request, "Host"));
    }

    private static String header(HttpRequest request, String name) {
        return request.getHeader(name).map(HttpHeader::value).orElse("");
    }

    private static HttpResponse tooMany(RateLimiter limit, String from) {
        return ErrorResponses.of(
                        429,
                        "requests: too many from " + from + " (expected: " + limit.perSecond() + " per second at most)")
                .addHeader(RawHeader.create("Retry-After", "1"));
    }

    private HttpResponse unauthenticated(HttpRequest request, String from) {
        String given = header(request, "Authorization").isEmpty() ? "nothing" : "unknown";
        long now = System.nanoTime();
        long logged = loggedNanos.get();
        if (now - logged >= LOG_NANOS && loggedNanos.compareAndSet(logged, now)) {
            LOG.warn(
                    "{} {} from {} refused: {} in Authorization",
                    request.method().value(),
                    PrintableText.of(request.getUri().getPathString()),
                    from,
                    given);
        }
        HttpResponse refusal = ErrorResponses.of(401, "Authorization: " + given + " (expected: " + expected() + ")")
                .addHeader(RawHeader.create("WWW-Authenticate", "Bearer realm=\"sip-dispatcher\""));
        // A script asks for credentials itself; the browser's dialog would interfere.
        return header(request, "Sec-Fetch-Dest").toLowerCase(Locale.ROOT).equals("empty")
                ? refusal
                : refusal.addHeader(RawHeader.create("WWW-Authenticate", "Basic realm=\"sip-dispatcher\""));
    }

    private String expected() {
        return settings.tls().asksClients() ? "a client certificate, or a token of this node" : "a token of this node";
    }

    private HttpResponse unread(RequestBodyReader.BodyError error) {
        return switch (error) {
            case TOO_LARGE ->
                ErrorResponses.of(413, "body: too large (expected: " + settings.maxBody() + " bytes at most)");
            case TIMEOUT ->
                ErrorResponses.of(
                        408,
                        "body: incomplete after " + RequestBodyReader.timeoutSeconds()
                                + " s (expected: all of it by then)");
            default -> ErrorResponses.of(400, "body: incomplete (expected: all of it)");
        };
    }

    private static HttpResponse closing(HttpResponse refusal) {
        return refusal.addHeader(akka.http.javadsl.model.headers.Connection.create("close"));
    }

    private CompletionStage<HttpResponse> refuse(HttpRequest request, HttpResponse refusal) {
        return request.entity().isStrict()
                ? CompletableFuture.completedFuture(refusal)
                : bodies.drain(request).thenApply(out -> closing(refusal));
    }
}
