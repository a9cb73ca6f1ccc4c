package org.sipdispatch.history;

import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;

/**
 * Completes on the response header and discards the body. The body is read, so that the connection can be reused, but
 * only up to a limit in bytes and time; after that the connection is closed.
 */
final class DiscardingBodySubscriber implements HttpResponse.BodySubscriber<Void> {
    private static final int MOST = 64 * 1024;

    private final Duration timeout;
    private Flow.Subscription subscription;
    private int left = MOST;

    private DiscardingBodySubscriber(Duration timeout) {
        this.timeout = timeout;
    }

    static HttpResponse.BodyHandler<Void> within(Duration timeout) {
        return header -> new DiscardingBodySubscriber(timeout);
    }

    @Override
    public CompletionStage<Void> getBody() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void onSubscribe(Flow.Subscription opened) {
        subscription = opened;
        CompletableFuture.delayedExecutor(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .execute(opened::cancel);
        opened.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> part) {
        left -= part.stream().mapToInt(ByteBuffer::remaining).sum();
        if (left < 0) {
            subscription.cancel();
        }
    }

    @Override
    public void onError(Throwable failure) {
        // The status code is already known; the body does not matter.
    }

    @Override
    public void onComplete() {
        // The body is read completely.
    }
}
