package org.sipdispatch.manage;

import akka.Done;
import akka.http.javadsl.model.HttpMethods;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.stream.Attributes;
import akka.stream.FlowShape;
import akka.stream.Inlet;
import akka.stream.Outlet;
import akka.stream.javadsl.Flow;
import akka.stream.stage.AbstractInHandler;
import akka.stream.stage.AbstractOutHandler;
import akka.stream.stage.AsyncCallback;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import akka.stream.stage.TimerGraphStageLogic;
import akka.util.ByteString;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Answers the requests of a connection, one after the other. Closes a connection whose first request is not complete in
 * time, even if bytes arrive slowly, and an idle one when too many connections are open.
 */
final class HttpConnectionStage extends GraphStage<FlowShape<HttpRequest, HttpResponse>> {
    /** The time limit for the first request with its headers, including the TLS handshake. */
    static final Duration FIRST_REQUEST_TIMEOUT = Duration.ofSeconds(10);

    private static final String FIRST = "first request";

    private final Inlet<HttpRequest> in = Inlet.create("requests");
    private final Outlet<HttpResponse> out = Outlet.create("responses");
    private final HttpConnections connections;
    private final Function<HttpRequest, CompletionStage<HttpResponse>> answers;

    HttpConnectionStage(HttpConnections connections, Function<HttpRequest, CompletionStage<HttpResponse>> answers) {
        this.connections = connections;
        this.answers = answers;
    }

    @Override
    public FlowShape<HttpRequest, HttpResponse> shape() {
        return FlowShape.of(in, out);
    }

    @Override
    public GraphStageLogic createLogic(Attributes inherited) {
        return new Logic();
    }

    private final class Logic extends TimerGraphStageLogic {
        private HttpConnections.HttpConnection connection;
        private AsyncCallback<HttpResponse> answered;
        private boolean waiting;
        private boolean bodiless;
        private boolean ending;

        Logic() {
            super(HttpConnectionStage.this.shape());
            setHandler(in, new AbstractInHandler() {
                @Override
                public void onPush() {
                    asked(grab(in));
                }

                @Override
                public void onUpstreamFinish() {
                    if (!waiting) {
                        completeStage();
                    }
                }
            });
            setHandler(out, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    if (!isClosed(in)) {
                        pull(in);
                    }
                }
            });
        }

        @Override
        public void preStart() {
            answered = createAsyncCallback(this::answer);
            AsyncCallback<Done> hangUp = createAsyncCallback(unused -> hangUp());
            connection = new HttpConnections.HttpConnection(() -> hangUp.invoke(Done.getInstance()));
            connections.opened(connection, System.nanoTime());
            scheduleOnce(FIRST, FIRST_REQUEST_TIMEOUT);
        }

        @Override
        public void onTimer(Object due) {
            completeStage();
        }

        /** A request in progress is answered first. */
        private void hangUp() {
            ending = true;
            if (!waiting) {
                completeStage();
            }
        }

        private void asked(HttpRequest request) {
            cancelTimer(FIRST);
            waiting = true;
            connections.requestArrived(connection);
            bodiless = request.method().equals(HttpMethods.HEAD);
            answers.apply(request)
                    .exceptionally(failure -> ErrorResponses.of(request, failure))
                    .thenAccept(response -> answered.invoke(isShort(response) ? response : watched(response)));
        }

        private boolean isShort(HttpResponse response) {
            return bodiless || response.entity().isStrict();
        }

        /** A streamed response keeps the connection busy until the stream ends. */
        private HttpResponse watched(HttpResponse response) {
            return response.transformEntityDataBytes(Flow.of(ByteString.class).watchTermination((nothing, done) -> {
                connections.streamStarted(connection);
                done.whenComplete((end, failure) -> connections.idle(connection, System.nanoTime()));
                return nothing;
            }));
        }

        private void answer(HttpResponse response) {
            waiting = false;
            if (isShort(response)) {
                connections.idle(connection, System.nanoTime());
            }
            push(out, response);
            if (ending || isClosed(in)) {
                completeStage();
            }
        }

        @Override
        public void postStop() {
            connections.inputClosed(connection);
        }
    }
}
