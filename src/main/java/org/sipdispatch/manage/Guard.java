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
import org.sipdispatch.desk.Caller;
import org.sipdispatch.desk.Desk;
import org.sipdispatch.desk.Role;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Authentication, authorisation and rate limiting for all routes. */
final class Guard {
    private static final Logger LOG = LoggerFactory.getLogger(Guard.class);
    private static final Set<String> FOR_ANYBODY = Set.of("/alive", "/ready", "/bootstrap/seed-nodes");
    private static final String PAGE = "/dispatcher/ui";
    /** POST requests that may only read. The operation checks the role again if it changes something. */
    private static final Set<String> ASKED_BY_POST = Set.of("/mi", "/dispatcher/pick", "/dispatcher/reload");

    /** The web page loads some twenty files at once. */
    private static final int FEWEST_FILES = 100;

    private static final long LOG_NANOS = 1_000_000_000L;

    private final ManageSettings settings;
    private final Admission admission;
    private final Rates rates;
    private final Rates probeRates;
    private final Rates fileRates;
    private final Desk desk;
    private final Bodies bodies;
    private final Function<HttpRequest, CompletionStage<HttpResponse>> routes;
    private final AtomicLong loggedNanos = new AtomicLong(System.nanoTime() - LOG_NANOS);

    Guard(
            ManageSettings settings,
            Desk desk,
            ClassicActorSystemProvider system,
            Function<HttpRequest, CompletionStage<HttpResponse>> routes) {
        this.settings = settings;
        this.admission = new Admission(settings);
        int most = settings.maxRequestsPerSecond();
        this.rates = new Rates(most);
        this.probeRates = new Rates(most);
        this.fileRates = new Rates(most == 0 ? 0 : Math.max(most, FEWEST_FILES));
        this.desk = desk;
        this.bodies = new Bodies(system, settings.maxBody());
        this.routes = routes;
    }

    CompletionStage<HttpResponse> answer(HttpRequest request) {
        String from = Admission.address(request);
        if (isProbe(request)) {
            return limited(request, probeRates, from, from, () -> routes.apply(request));
        } else if (isPage(request)) {
            return limited(request, fileRates, from, from, () -> routes.apply(request));
        }
        Optional<Caller> caller = admission.of(request);
        // Unauthenticated requests share one bucket for each address, so that they do not use up the limit of an
        // authenticated caller.
        String who = from + caller.map(known -> " " + known.name()).orElse("");
        return limited(request, rates, who, from, () -> answer(request, caller, from));
    }

    private CompletionStage<HttpResponse> limited(
            HttpRequest request, Rates limit, String who, String from, Supplier<CompletionStage<HttpResponse>> answer) {
        return limit.allows(who, System.nanoTime()) ? answer.get() : refuse(request, tooMany(limit, from));
    }

    private CompletionStage<HttpResponse> answer(HttpRequest request, Optional<Caller> caller, String from) {
        if (!isHostOurs(request)) {
            return refuse(request, Errors.of(403, "Host: " + header(request, "Host") + " (expected: this host)"));
        } else if (!isOriginOurs(request)) {
            return refuse(
                    request,
                    Errors.of(403, "Origin: " + header(request, "Origin") + " (expected: a page of this node)"));
        }
        return caller.isEmpty() ? refuse(request, unknown(request, from)) : let(request, caller.get());
    }

    private CompletionStage<HttpResponse> let(HttpRequest request, Caller caller) {
        if (needed(request) == Role.WRITE && caller.role() != Role.WRITE) {
            return refuse(request, Errors.of(403, "role: read (expected: write, since this changes something)"));
        }
        return bodies.read(request)
                .thenCompose(read -> read.trouble() == Bodies.Trouble.NONE
                        ? pass(Callers.with(read.request(), caller), caller)
                        : CompletableFuture.completedFuture(closing(unread(read.trouble()))));
    }

    /** Requests to Akka Management's own routes bypass the operations; record them in the history too. */
    private CompletionStage<HttpResponse> pass(HttpRequest request, Caller caller) {
        String path = request.getUri().getPathString();
        if (isReading(request) || !(path.equals("/cluster") || path.startsWith("/cluster/"))) {
            return routes.apply(request);
        }
        String order = request.method().value() + " " + path + " " + text(request.entity());
        return routes.apply(request)
                .thenCompose(response -> desk.noteOrder()
                        .note(
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
                && ASKED_BY_POST.contains(request.getUri().getPathString());
        return isReading(request) || asked ? Role.READ : Role.WRITE;
    }

    /** Health checks, and the seed node request of Cluster Bootstrap. */
    private static boolean isProbe(HttpRequest request) {
        return isReading(request) && FOR_ANYBODY.contains(request.getUri().getPathString());
    }

    /** The web page's files, which contain no data. */
    private static boolean isPage(HttpRequest request) {
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
        if (settings.asksWho()) {
            return true;
        }
        Optional<Host> host = request.getHeader(Host.class);
        if (host.isEmpty()) {
            return true;
        }
        String name = host.get().host().address();
        return ManageSettings.isLoopback(name) || name.equalsIgnoreCase(settings.host());
    }

    /** Protects against cross-site requests: a browser sends stored credentials with them, and the page's origin. */
    private static boolean isOriginOurs(HttpRequest request) {
        String origin = header(request, "Origin");
        return origin.isEmpty() || Origins.isOf(origin, header(request, "Host"));
    }

    private static String header(HttpRequest request, String name) {
        return request.getHeader(name).map(HttpHeader::value).orElse("");
    }

    private static HttpResponse tooMany(Rates limit, String from) {
        return Errors.of(
                        429,
                        "requests: too many from " + from + " (expected: " + limit.perSecond() + " per second at most)")
                .addHeader(RawHeader.create("Retry-After", "1"));
    }

    private HttpResponse unknown(HttpRequest request, String from) {
        String given = header(request, "Authorization").isEmpty() ? "nothing" : "unknown";
        long now = System.nanoTime();
        long logged = loggedNanos.get();
        if (now - logged >= LOG_NANOS && loggedNanos.compareAndSet(logged, now)) {
            LOG.warn(
                    "{} {} from {} refused: {} in Authorization",
                    request.method().value(),
                    Printable.of(request.getUri().getPathString()),
                    from,
                    given);
        }
        HttpResponse refusal = Errors.of(401, "Authorization: " + given + " (expected: " + expected() + ")")
                .addHeader(RawHeader.create("WWW-Authenticate", "Bearer realm=\"sip-dispatcher\""));
        // A script asks for credentials itself; the browser's dialog would interfere.
        return header(request, "Sec-Fetch-Dest").toLowerCase(Locale.ROOT).equals("empty")
                ? refusal
                : refusal.addHeader(RawHeader.create("WWW-Authenticate", "Basic realm=\"sip-dispatcher\""));
    }

    private String expected() {
        return settings.tls().asksClients() ? "a client certificate, or a token of this node" : "a token of this node";
    }

    private HttpResponse unread(Bodies.Trouble trouble) {
        return switch (trouble) {
            case TOO_LARGE -> Errors.of(413, "body: too large (expected: " + settings.maxBody() + " bytes at most)");
            case LATE ->
                Errors.of(
                        408, "body: incomplete after " + Bodies.patienceSeconds() + " s (expected: all of it by then)");
            default -> Errors.of(400, "body: incomplete (expected: all of it)");
        };
    }

    private static HttpResponse closing(HttpResponse refusal) {
        return refusal.addHeader(akka.http.javadsl.model.headers.Connection.create("close"));
    }

    private CompletionStage<HttpResponse> refuse(HttpRequest request, HttpResponse refusal) {
        return request.entity().isStrict()
                ? CompletableFuture.completedFuture(refusal)
                : bodies.runOut(request).thenApply(out -> closing(refusal));
    }
}
