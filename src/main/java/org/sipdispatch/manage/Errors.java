package org.sipdispatch.manage;

import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpEntity;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCode;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.server.Directives;
import akka.http.javadsl.server.ExceptionHandler;
import akka.http.javadsl.server.RejectionHandler;
import akka.http.scaladsl.model.EntityStreamSizeException;
import akka.http.scaladsl.model.IllegalRequestException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.sipdispatch.desk.Refusal;
import org.sipdispatch.settings.BadSetting;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything that is refused looks the same: {@code {"error": "what: value (expected: ...)"}}. */
final class Errors {
    private static final Logger LOG = LoggerFactory.getLogger(Errors.class);

    private Errors() {}

    static HttpResponse of(int status, String error) {
        return of(StatusCodes.get(status), error);
    }

    static HttpResponse of(StatusCode status, String error) {
        return HttpResponse.create()
                .withStatus(status)
                .withEntity(HttpEntities.create(
                        ContentTypes.APPLICATION_JSON, Json.text(Json.object().put("error", error)) + "\n"));
    }

    /** What a failure amounts to. */
    static HttpResponse of(Throwable trouble) {
        Throwable cause =
                trouble instanceof CompletionException && trouble.getCause() != null ? trouble.getCause() : trouble;
        if (cause instanceof Refusal refused) {
            return of(refused.kind().status(), refused.getMessage());
        } else if (cause instanceof BadSetting) {
            return of(StatusCodes.BAD_REQUEST, cause.getMessage());
        } else if (cause instanceof EntityStreamSizeException) {
            return of(413, "body: too large (expected: management.max-body at most)");
        } else if (cause instanceof IllegalRequestException) {
            return of(StatusCodes.BAD_REQUEST, "request: " + cause.getMessage() + " (expected: HTTP)");
        } else if (cause instanceof TimeoutException) {
            return of(StatusCodes.SERVICE_UNAVAILABLE, String.valueOf(cause.getMessage()));
        }
        LOG.warn("a request could not be answered", cause);
        return of(StatusCodes.INTERNAL_SERVER_ERROR, "request: failed (expected: to be answered; see the node's log)");
    }

    /** For what no route takes. */
    static RejectionHandler rejections() {
        return RejectionHandler.defaultHandler().mapRejectionResponse(Errors::asJson);
    }

    static ExceptionHandler exceptions() {
        return ExceptionHandler.newBuilder()
                .matchAny(trouble -> Directives.complete(of(trouble)))
                .build();
    }

    private static HttpResponse asJson(HttpResponse plain) {
        String text = plain.entity() instanceof HttpEntity.Strict strict
                ? strict.getData().utf8String().replaceAll("\\s+", " ").strip()
                : plain.status().reason();
        return plain.withEntity(of(plain.status(), text).entity());
    }
}
