package org.sipdispatch.manage;

import akka.actor.ClassicActorSystemProvider;
import akka.http.javadsl.model.HttpEntity;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpMethods;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.RequestEntity;
import akka.http.javadsl.model.headers.Host;
import akka.http.javadsl.model.headers.RawHeader;
import akka.stream.javadsl.Sink;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.sipdispatch.desk.Caller;
import org.sipdispatch.desk.Desk;
import org.sipdispatch.desk.Role;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stands before all routes: lets in whom it knows, for what he may do, and not too much of it. */
final class Guard {
    private static final Logger LOG = LoggerFactory.getLogger(Guard.class);
    private static final Set<String> FOR_ANYBODY = Set.of("/alive", "/ready", "/bootstrap/seed-nodes");
    private static final String PAGE = "/dispatcher/ui";
    /** Orders that may turn out to be questions: what they do is checked again where it is done. */
    private static final Set<String> ASKED_BY_POST = Set.of("/mi", "/dispatcher/pick", "/dispatcher/reload");

    /** A load of the page asks for some twenty files at once. */
    private static final int FEWEST_FILES = 100;

    private static final Duration BODY_PATIENCE = Duration.ofSeconds(10);
    private static final long MOST_DRAINED = 32L << 20;
    private static final long LOG_NANOS = 1_000_000_000L;

    private final ManageSettings settings;
    private final Admission admission;
    private final Rates rates;
    private final Rates probeRates;
    private final Rates fileRates;
    private final Desk desk;
    private final ClassicActorSystemProvider system;
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
        this.system = system;
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
        // Who says nothing, or guesses, uses up what others of his kind may ask, and not what those who are known may.
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
        RequestEntity body = request.entity();
        if (body.getContentLengthOption().orElse(0) > settings.maxBody()) {
            return refuse(request, tooLarge());
        } else if (body.isStrict()) {
            return pass(Callers.with(request, caller), caller);
        }
        return body.withSizeLimit(settings.maxBody())
                .toStrict(BODY_PATIENCE.toMillis(), Long.MAX_VALUE, system)
                .handle((whole, trouble) -> trouble == null
                        ? pass(Callers.with(request.withEntity(whole), caller), caller)
                        : CompletableFuture.completedFuture(unread(trouble)))
                .thenCompose(Function.identity());
    }

    /** What goes past the desk is noted all the same. */
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

    /** Whether the node lives, and what nodes need to find each other. */
    private static boolean isProbe(HttpRequest request) {
        return isReading(request) && FOR_ANYBODY.contains(request.getUri().getPathString());
    }

    /** The page, which is nothing without its answers. */
    private static boolean isPage(HttpRequest request) {
        String path = request.getUri().getPathString();
        return isReading(request)
                && (path.equals("/")
                        || path.equals(PAGE)
                        || path.startsWith(PAGE + "/") && path.matches("[A-Za-z0-9/_.-]+") && !path.contains(".."));
    }

    /** Where nobody is asked who he is, a page in a browser on this host must not reach us under a name of its own. */
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

    /** A browser tells the page that a request comes from, and sends along what it knows of passwords all the same. */
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
                        "requests: too many from " + from + " (expected: " + limit.perSecond()
                                + " in a second at most)")
                .addHeader(RawHeader.create("Retry-After", "1"));
    }

    private HttpResponse unknown(HttpRequest request, String from) {
        String given = header(request, "Authorization").isEmpty() ? "nothing" : "what is not known";
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
        // A script of a page asks by itself; the browser would ask again over its head.
        return header(request, "Sec-Fetch-Dest").toLowerCase(Locale.ROOT).equals("empty")
                ? refusal
                : refusal.addHeader(RawHeader.create("WWW-Authenticate", "Basic realm=\"sip-dispatcher\""));
    }

    private String expected() {
        return settings.tls().asksClients() ? "a client certificate, or a token of this node" : "a token of this node";
    }

    private HttpResponse tooLarge() {
        return Errors.of(413, "body: too large (expected: " + settings.maxBody() + " bytes at most)");
    }

    private HttpResponse unread(Throwable trouble) {
        Throwable cause = trouble.getCause() == null ? trouble : trouble.getCause();
        HttpResponse refusal;
        if (cause instanceof TimeoutException) {
            refusal = Errors.of(
                    408, "body: not here after " + BODY_PATIENCE.toSeconds() + " s (expected: all of it by then)");
        } else if (cause instanceof akka.http.scaladsl.model.EntityStreamSizeException) {
            refusal = tooLarge();
        } else {
            refusal = Errors.of(400, "body: broken off (expected: all of it)");
        }
        return closing(refusal);
    }

    private static HttpResponse closing(HttpResponse refusal) {
        return refusal.addHeader(akka.http.javadsl.model.headers.Connection.create("close"));
    }

    /** What is on its way is let run out for a while, for else the sender would not get to read the answer. */
    private CompletionStage<HttpResponse> refuse(HttpRequest request, HttpResponse refusal) {
        if (request.entity().isStrict()) {
            return CompletableFuture.completedFuture(refusal);
        }
        request.entity()
                .withoutSizeLimit()
                .getDataBytes()
                .takeWithin(BODY_PATIENCE)
                .limitWeighted(MOST_DRAINED, bytes -> (long) bytes.length())
                .runWith(Sink.ignore(), system);
        return CompletableFuture.completedFuture(closing(refusal));
    }
}
