package org.sipdispatch.manage;

import akka.http.javadsl.model.HttpEntity;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCode;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.model.headers.RawHeader;
import akka.http.javadsl.server.AllDirectives;
import akka.http.javadsl.server.ExceptionHandler;
import akka.http.javadsl.server.MethodRejection;
import akka.http.javadsl.server.RejectionHandler;
import akka.http.javadsl.server.Route;
import akka.http.scaladsl.model.EntityStreamException;
import akka.http.scaladsl.model.EntityStreamSizeException;
import akka.http.scaladsl.model.ExceptionWithErrorInfo;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.sipdispatch.operations.OperationException;
import org.sipdispatch.settings.SettingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Error responses, all in the form {@code {"error": "thing: value (expected: ...)"}}. */
final class ErrorResponses extends AllDirectives {
    private static final Logger LOG = LoggerFactory.getLogger(ErrorResponses.class);
    private static final int TOO_LARGE = 413;
    private static final ErrorResponses DIRECTIVES = new ErrorResponses();

    private ErrorResponses() {}

    static HttpResponse of(int status, String error) {
        return of(StatusCodes.get(status), error);
    }

    static HttpResponse of(StatusCode status, String error) {
        return Json.response(status, Json.object().put("error", error));
    }

    /** The response to a failed request. An internal error is logged. */
    static HttpResponse of(HttpRequest request, Throwable failure) {
        Throwable cause = cause(failure);
        StatusCode code = code(cause);
        if (code.equals(StatusCodes.INTERNAL_SERVER_ERROR)) {
            LOG.error("{} failed", describe(request), cause);
            return of(code, "request: failed (expected: a response; this is a defect, see the node's log)");
        }
        return of(code, message(cause));
    }

    /** The path exists for other methods. */
    static HttpResponse ofMethod(HttpRequest request, Collection<String> allowed) {
        Set<String> all = new TreeSet<>(allowed);
        if (all.contains("GET")) {
            all.add("HEAD");
        }
        return of(405, "method: " + request.method().name() + " (expected: " + String.join(" or ", all) + ")")
                .addHeader(RawHeader.create("Allow", String.join(", ", all)));
    }

    static HttpResponse ofPath(HttpRequest request) {
        return of(
                404,
                "path: " + PrintableText.of(request.getUri().getPathString())
                        + " (expected: one of GET /dispatcher/openapi.json)");
    }

    private static String describe(HttpRequest request) {
        return request.method().name() + " " + PrintableText.of(request.getUri().getPathString());
    }

    static Throwable cause(Throwable failure) {
        boolean wrapped = failure instanceof CompletionException || failure instanceof ExecutionException;
        return wrapped && failure.getCause() != null ? cause(failure.getCause()) : failure;
    }

    private static String message(Throwable cause) {
        if (isTooLarge(cause)) {
            return "body: too large (expected: management.max-body at most)";
        }
        return cause instanceof ExceptionWithErrorInfo withInfo
                ? "request: " + withInfo.info().summary() + " (expected: HTTP/1.1)"
                : String.valueOf(cause.getMessage());
    }

    /** Akka HTTP throws one or the other, depending on whether the body's length was declared. */
    private static boolean isTooLarge(Throwable cause) {
        return cause instanceof EntityStreamSizeException
                || cause instanceof EntityStreamException withInfo
                        && withInfo.info().summary().equals("Request too large");
    }

    private static StatusCode code(Throwable cause) {
        if (cause instanceof OperationException refused) {
            return StatusCodes.get(refused.reason().status());
        } else if (isTooLarge(cause)) {
            return StatusCodes.get(TOO_LARGE);
        } else if (cause instanceof SettingException || cause instanceof ExceptionWithErrorInfo) {
            return StatusCodes.BAD_REQUEST;
        } else if (cause instanceof TimeoutException) {
            return StatusCodes.SERVICE_UNAVAILABLE;
        } else if (cause instanceof akka.pattern.StatusReply.ErrorMessage) {
            return StatusCodes.CONFLICT;
        }
        return StatusCodes.INTERNAL_SERVER_ERROR;
    }

    /** Handles all rejections and exceptions of the routes. No request falls through. */
    static Route sealed(Route route) {
        return route.seal(rejections(), failures());
    }

    /** For requests that no route accepts. */
    private static RejectionHandler rejections() {
        return RejectionHandler.newBuilder()
                .handleAll(
                        MethodRejection.class,
                        rejections -> DIRECTIVES.extractRequest(
                                request -> DIRECTIVES.complete(ofMethod(request, methods(rejections)))))
                .handleNotFound(DIRECTIVES.extractRequest(request -> DIRECTIVES.complete(ofPath(request))))
                .build()
                .withFallback(RejectionHandler.defaultHandler().mapRejectionResponse(ErrorResponses::toJson));
    }

    private static Set<String> methods(Collection<MethodRejection> rejections) {
        return rejections.stream().map(one -> one.supported().name()).collect(Collectors.toSet());
    }

    /** Converts the plain-text error of Akka HTTP. */
    private static HttpResponse toJson(HttpResponse plain) {
        String text = plain.entity() instanceof HttpEntity.Strict strict
                ? strict.getData().utf8String().replaceAll("\\s+", " ").strip()
                : plain.status().reason();
        return plain.withEntity(of(plain.status(), text).entity());
    }

    private static ExceptionHandler failures() {
        return ExceptionHandler.newBuilder()
                .matchAny(failure -> DIRECTIVES.extractRequest(request -> DIRECTIVES.complete(of(request, failure))))
                .build();
    }
}
