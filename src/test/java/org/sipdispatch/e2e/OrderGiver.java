package org.sipdispatch.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import org.sipdispatch.pauses.RecordedOrder;
import org.sipdispatch.pauses.RecordedOrder.Kind;
import org.sipdispatch.pauses.RecordedOrder.Outcome;
import org.sipdispatch.pauses.StateVersion;

/** Gives holds and releases, each with a unique reason, and records their outcomes. */
final class OrderGiver {
    /** Longer than a pause plus the time limit of an order. */
    private static final Duration LONGEST = Duration.ofSeconds(90);

    private static final int DONE = 200;
    private static final int ACCEPTED = 202;
    private static final int UNAVAILABLE = 503;

    private final ClusterNodes cluster;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(LONGEST)
            .build();
    private final List<CompletableFuture<RecordedOrder>> all = new CopyOnWriteArrayList<>();

    OrderGiver(ClusterNodes cluster) {
        this.cluster = cluster;
    }

    /** Sends an order to that node. The result completes with any response. */
    CompletableFuture<RecordedOrder> give(int node, String destination, Kind kind) {
        String id = "o" + (all.size() + 1);
        URI uri = URI.create(cluster.url(
                node, OperatorInterfaces.path(destination) + "/" + kind.name().toLowerCase(Locale.ROOT)));
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Authorization", "Bearer token-of-the-tests")
                .timeout(LONGEST)
                .POST(HttpRequest.BodyPublishers.ofString("{\"why\":\"" + id + "\"}"))
                .build();
        long invokedNs = System.nanoTime();
        CompletableFuture<RecordedOrder> answered = http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .handle((response, failure) -> {
                    RecordedOrder asked =
                            new RecordedOrder(id, destination, kind, node, invokedNs, 0, Outcome.UNKNOWN, null, "");
                    return failure == null ? answered(asked, response) : failed(asked, failure);
                });
        all.add(answered);
        return answered;
    }

    private static RecordedOrder answered(RecordedOrder asked, HttpResponse<String> response) {
        long nowNs = System.nanoTime();
        int code = response.statusCode();
        boolean notKnown =
                code == ACCEPTED || code == UNAVAILABLE && response.body().contains("unknown outcome");
        if (code != DONE) {
            return with(asked, nowNs, notKnown ? Outcome.UNKNOWN : Outcome.FAILED, null, code + " " + response.body());
        }
        JsonNode status = OperatorInterfaces.json(response.body());
        return with(
                asked,
                nowNs,
                Outcome.OK,
                StateVersion.of(status.path("version").asText()),
                code + " " + status.path("state").asText() + " "
                        + status.path("why").asText());
    }

    /** Without a connection the node received no order. */
    private static RecordedOrder failed(RecordedOrder asked, Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        boolean never = cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException;
        return with(
                asked,
                never ? System.nanoTime() : RecordedOrder.NO_ANSWER,
                never ? Outcome.FAILED : Outcome.UNKNOWN,
                null,
                cause instanceof IOException ? cause.toString() : String.valueOf(failure));
    }

    private static RecordedOrder with(
            RecordedOrder asked, long answeredNs, Outcome outcome, StateVersion seen, String answer) {
        return new RecordedOrder(
                asked.id(),
                asked.destination(),
                asked.kind(),
                asked.node(),
                asked.invokedNs(),
                answeredNs,
                outcome,
                seen,
                answer);
    }

    /** All orders, once each has a response. */
    List<RecordedOrder> answered() {
        List<RecordedOrder> answered = new ArrayList<>();
        all.forEach(one -> answered.add(one.join()));
        return answered;
    }

    /** The orders that have a response by now. */
    List<RecordedOrder> answeredByNow() {
        return all.stream()
                .filter(CompletableFuture::isDone)
                .map(CompletableFuture::join)
                .toList();
    }

    /** The number of orders. */
    int given() {
        return all.size();
    }
}
