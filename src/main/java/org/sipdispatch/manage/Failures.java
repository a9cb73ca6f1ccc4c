package org.sipdispatch.manage;

import akka.http.javadsl.model.HttpEntity;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCode;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.server.AllDirectives;
import akka.http.javadsl.server.ExceptionHandler;
import akka.http.javadsl.server.RejectionHandler;
import akka.http.javadsl.server.Route;
import akka.http.scaladsl.model.EntityStreamException;
import akka.http.scaladsl.model.EntityStreamSizeException;
import akka.http.scaladsl.model.ExceptionWithErrorInfo;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.sipdispatch.desk.Refusal;
import org.sipdispatch.settings.BadSetting;

/** Whatever goes wrong, as JSON: {@code {"error": "thing: value (expected: ...)"}}. */
final class Failures extends AllDirectives {
    private static final int TOO_LARGE = 413;
    private static final Failures DIRECTIVES = new Failures();

    private Failures() {}

    static HttpResponse response(StatusCode code, String message) {
        return Json.response(code, Json.object().put("error", message));
    }

    /** What a failure is answered with. */
    static HttpResponse response(Throwable trouble) {
        Throwable cause = cause(trouble);
        return response(code(cause), isDefect(cause) ? "this program failed; its log tells how" : message(cause));
    }

    /** Whether it is a fault of this program. */
    static boolean isDefect(Throwable trouble) {
        return code(cause(trouble)).equals(StatusCodes.INTERNAL_SERVER_ERROR);
    }

    static Throwable cause(Throwable trouble) {
        boolean wrapped = trouble instanceof CompletionException || trouble instanceof ExecutionException;
        return wrapped && trouble.getCause() != null ? cause(trouble.getCause()) : trouble;
    }

    private static String message(Throwable cause) {
        return isTooLarge(cause) ? "body: " + cause.getMessage() : String.valueOf(cause.getMessage());
    }

    /** Akka HTTP says it in one way or the other, as the length of the body is told before or not. */
    private static boolean isTooLarge(Throwable cause) {
        return cause instanceof EntityStreamSizeException
                || cause instanceof EntityStreamException told
                        && told.info().summary().equals("Request too large");
    }

    private static StatusCode code(Throwable cause) {
        if (cause instanceof Refusal refused) {
            return StatusCodes.get(refused.kind().status());
        } else if (isTooLarge(cause)) {
            return StatusCodes.get(TOO_LARGE);
        } else if (cause instanceof BadSetting || cause instanceof ExceptionWithErrorInfo) {
            return StatusCodes.BAD_REQUEST;
        } else if (cause instanceof TimeoutException) {
            return StatusCodes.SERVICE_UNAVAILABLE;
        } else if (cause instanceof akka.pattern.StatusReply.ErrorMessage) {
            return StatusCodes.CONFLICT;
        }
        return StatusCodes.INTERNAL_SERVER_ERROR;
    }

    /** A whole tree of routes whose rejections and failures are answered so. Nothing falls through. */
    static Route sealed(Route route) {
        return route.seal(rejections(), failures());
    }

    static RejectionHandler rejections() {
        return RejectionHandler.defaultHandler().mapRejectionResponse(Failures::inJson);
    }

    /** Akka HTTP says it in plain text. */
    private static HttpResponse inJson(HttpResponse rejection) {
        return rejection.entity() instanceof HttpEntity.Strict text
                ? rejection.withEntity(Json.entity(
                        Json.object().put("error", text.getData().utf8String().strip())))
                : rejection;
    }

    private static ExceptionHandler failures() {
        return ExceptionHandler.newBuilder()
                .matchAny(trouble -> DIRECTIVES.extractActorSystem(system -> {
                    if (isDefect(trouble)) {
                        system.log().error(trouble, "a request failed");
                    }
                    return DIRECTIVES.complete(response(trouble));
                }))
                .build();
    }
}
