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
 * What requests bring along. Of what is too much the rest is let run out, within bounds, before it is answered: a
 * connection that is closed while its sender writes is reset, and he, who reads when he has written, would see that in
 * place of the answer.
 */
final class Bodies {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long MOST_RUN_OUT = 32L << 20;
    /** Of those who are refused, at once: others wait for an answer on connections that these would hold. */
    private static final int MOST_AT_ONCE = 32;

    /** What a body is not taken for. */
    enum Trouble {
        NONE,
        TOO_LARGE,
        LATE,
        BROKEN_OFF
    }

    /** What came; a request with nothing but a strict body where there is no trouble. */
    record Read(HttpRequest request, Trouble trouble) {}

    private final ClassicActorSystemProvider system;
    private final int most;
    private final AtomicInteger runningOut = new AtomicInteger();

    /** {@code most}: bytes that a body may have. */
    Bodies(ClassicActorSystemProvider system, int most) {
        this.system = system;
        this.most = most;
    }

    /** Reads it; never fails. */
    CompletionStage<Read> read(HttpRequest request) {
        RequestEntity body = request.entity();
        if (body.getContentLengthOption().orElse(0) > most) {
            return runOut(request).thenApply(out -> new Read(request, Trouble.TOO_LARGE));
        } else if (body.isStrict()) {
            return CompletableFuture.completedFuture(new Read(request, Trouble.NONE));
        }
        return bytes(body)
                .runFold(new Kept(), Kept::with, system)
                .handle((kept, trouble) -> trouble == null ? kept.read(request) : new Read(request, trouble(trouble)));
    }

    /** Lets run out what is on its way, unless the sender waits for leave to send it, or many do so; never fails. */
    CompletionStage<Void> runOut(HttpRequest request) {
        if (request.entity().isStrict() || request.getHeader("Expect").isPresent()) {
            return CompletableFuture.completedFuture(null);
        }
        if (runningOut.incrementAndGet() > MOST_AT_ONCE) {
            runningOut.decrementAndGet();
            return CompletableFuture.completedFuture(null);
        }
        return bytes(request.entity()).runForeach(bytes -> {}, system).handle((done, trouble) -> {
            runningOut.decrementAndGet();
            return null;
        });
    }

    private static Source<ByteString, Object> bytes(RequestEntity body) {
        return body.withoutSizeLimit()
                .getDataBytes()
                .completionTimeout(PATIENCE)
                .limitWeighted(MOST_RUN_OUT, bytes -> (long) bytes.length());
    }

    private static Trouble trouble(Throwable trouble) {
        Throwable cause = trouble instanceof CompletionException ? trouble.getCause() : trouble;
        if (cause instanceof StreamLimitReachedException) {
            return Trouble.TOO_LARGE;
        }
        return cause instanceof TimeoutException ? Trouble.LATE : Trouble.BROKEN_OFF;
    }

    /** How long is waited for all of it, in seconds. */
    static long patienceSeconds() {
        return PATIENCE.toSeconds();
    }

    /** The bytes of a body as long as they are not too many. */
    private final class Kept {
        private ByteStringBuilder bytes = new ByteStringBuilder();
        private long length;

        Kept with(ByteString more) {
            length += more.length();
            if (length > most) {
                bytes = new ByteStringBuilder();
            } else {
                bytes.append(more);
            }
            return this;
        }

        Read read(HttpRequest request) {
            return length > most
                    ? new Read(request, Trouble.TOO_LARGE)
                    : new Read(
                            request.withEntity(
                                    HttpEntities.create(request.entity().getContentType(), bytes.result())),
                            Trouble.NONE);
        }
    }
}
