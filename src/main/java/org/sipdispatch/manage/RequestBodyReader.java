package org.sipdispatch.manage;

import akka.actor.ClassicActorSystemProvider;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.RequestEntity;
import akka.stream.StreamLimitReachedException;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import akka.util.ByteStringBuilder;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Reads request bodies up to a limit. When a body is too large or the request is refused, drains the rest, within
 * bounds, before the response: closing a connection while the client is still writing resets it, and the client would
 * never see the response.
 */
final class RequestBodyReader {
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(10);
    private static final long MAX_DRAINED_BYTES = 32L << 20;
    /** The maximum number of bodies drained at the same time. More would occupy connections that other clients need. */
    private static final int MOST_AT_ONCE = 32;

    /** The reason why a body was not read. */
    enum BodyError {
        NONE,
        TOO_LARGE,
        TIMEOUT,
        INCOMPLETE
    }

    /** A request; its entity is strict if there was no error. */
    record ReadRequest(HttpRequest request, BodyError error) {}

    private final ClassicActorSystemProvider system;
    private final int most;
    private final AtomicInteger draining = new AtomicInteger();

    /** @param most the maximum size of a body in bytes */
    RequestBodyReader(ClassicActorSystemProvider system, int most) {
        this.system = system;
        this.most = most;
    }

    /** Reads the body. The result never fails. */
    CompletionStage<ReadRequest> read(HttpRequest request) {
        RequestEntity body = request.entity();
        if (body.getContentLengthOption().orElse(0) > most) {
            return drain(request).thenApply(out -> new ReadRequest(request, BodyError.TOO_LARGE));
        } else if (body.isStrict()) {
            return CompletableFuture.completedFuture(new ReadRequest(request, BodyError.NONE));
        }
        return bytes(body)
                .runFold(new Collected(), Collected::with, system)
                .handle((kept, failure) ->
                        failure == null ? kept.read(request) : new ReadRequest(request, error(failure)));
    }

    /**
     * Drains the body, unless the client waits for {@code 100 Continue} or too many bodies are being drained. The
     * result never fails.
     */
    CompletionStage<Void> drain(HttpRequest request) {
        if (request.entity().isStrict() || request.getHeader("Expect").isPresent()) {
            return CompletableFuture.completedFuture(null);
        }
        if (draining.incrementAndGet() > MOST_AT_ONCE) {
            draining.decrementAndGet();
            return CompletableFuture.completedFuture(null);
        }
        return bytes(request.entity()).runForeach(bytes -> {}, system).handle((done, failure) -> {
            draining.decrementAndGet();
            return null;
        });
    }

    private static Source<ByteString, Object> bytes(RequestEntity body) {
        return body.withoutSizeLimit()
                .getDataBytes()
                .completionTimeout(READ_TIMEOUT)
                .limitWeighted(MAX_DRAINED_BYTES, bytes -> (long) bytes.length());
    }

    private static BodyError error(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof StreamLimitReachedException) {
            return BodyError.TOO_LARGE;
        }
        return cause instanceof TimeoutException ? BodyError.TIMEOUT : BodyError.INCOMPLETE;
    }

    /** The time limit for a complete body, in seconds. */
    static long timeoutSeconds() {
        return READ_TIMEOUT.toSeconds();
    }

    /** Collects a body and drops it once it is too large. */
    private final class Collected {
        private ByteStringBuilder bytes = new ByteStringBuilder();
        private long length;

        Collected with(ByteString more) {
            length += more.length();
            if (length > most) {
                bytes = new ByteStringBuilder();
            } else {
                bytes.append(more);
            }
            return this;
        }

        ReadRequest read(HttpRequest request) {
            return length > most
                    ? new ReadRequest(request, BodyError.TOO_LARGE)
                    : new ReadRequest(
                            request.withEntity(
                                    HttpEntities.create(request.entity().getContentType(), bytes.result())),
                            BodyError.NONE);
        }
    }
}
