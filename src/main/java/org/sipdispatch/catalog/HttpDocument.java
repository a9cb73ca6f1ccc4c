package org.sipdispatch.catalog;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Reads a document over HTTP, again only if it has changed (RFC 9110, ETag). Blocks. Not thread-safe. */
final class HttpDocument {
    private static final int OK = 200;
    private static final int NOT_MODIFIED = 304;

    private final URI url;
    /** The value of the header field Authorization; null for none. */
    private final String authorization;

    private final Duration timeout;
    private final int mostBytes;
    private final HttpClient client;
    private String tag;
    private String text;

    /**
     * Creates a reader. Does not connect.
     *
     * @param timeout the time limit for the whole document
     */
    HttpDocument(URI url, String authorization, Duration timeout, int mostBytes) {
        this.url = url;
        this.authorization = authorization;
        this.timeout = timeout;
        this.mostBytes = mostBytes;
        client = HttpClient.newBuilder()
                .connectTimeout(timeout)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /**
     * The document's present text.
     *
     * @throws IOException whose message says what was found instead, as the end of the sentence "a document, but"
     */
    String read() throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .timeout(timeout)
                .header("Accept", "application/json")
                .GET();
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        if (tag != null) {
            request.header("If-None-Match", tag);
        }
        HttpResponse<byte[]> response = answer(request.build());
        if (response.statusCode() == OK) {
            text = new String(response.body(), StandardCharsets.UTF_8);
            tag = response.headers().firstValue("ETag").orElse(null);
        } else if (response.statusCode() != NOT_MODIFIED || tag == null) {
            throw new IOException("the server answered " + response.statusCode());
        }
        return text;
    }

    private HttpResponse<byte[]> answer(HttpRequest request) throws IOException {
        CompletableFuture<HttpResponse<byte[]>> answer =
                client.sendAsync(request, answered -> new LimitedBody(mostBytes));
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new IOException("it was not complete after " + timeout.toMillis() + "ms", e);
        } catch (ExecutionException e) {
            throw new IOException(reason(e.getCause()), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the node stops", e);
        }
    }

    /** The client's exceptions for a name that is not found and for a refused connection have no message. */
    private static String reason(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException) {
                return "the name of its host is not found";
            }
        }
        if (failure.getMessage() != null) {
            return failure.getMessage();
        }
        return failure instanceof ConnectException ? "Connection refused" : failure.toString();
    }

    /** Collects a body, and fails if it is too large. */
    private static final class LimitedBody implements HttpResponse.BodySubscriber<byte[]> {
        private final int most;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final CompletableFuture<byte[]> body = new CompletableFuture<>();
        private Flow.Subscription subscription;

        LimitedBody(int most) {
            this.most = most;
        }

        @Override
        public CompletionStage<byte[]> getBody() {
            return body;
        }

        @Override
        public void onSubscribe(Flow.Subscription started) {
            subscription = started;
            started.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(List<ByteBuffer> parts) {
            for (ByteBuffer part : parts) {
                byte[] some = new byte[part.remaining()];
                part.get(some);
                bytes.writeBytes(some);
            }
            if (bytes.size() > most) {
                subscription.cancel();
                body.completeExceptionally(new IOException("it is larger than " + most + " bytes"));
            }
        }

        @Override
        public void onError(Throwable failure) {
            body.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            body.complete(bytes.toByteArray());
        }
    }
}
