package org.sipdispatch.manage;

import akka.event.LoggingAdapter;
import akka.http.ParsingErrorHandler;
import akka.http.javadsl.model.HttpResponse;
import akka.http.scaladsl.model.ErrorInfo;
import akka.http.scaladsl.model.StatusCode;
import akka.http.scaladsl.settings.ServerSettings;

/** Answers requests that are not valid HTTP. Named in the configuration, where Akka HTTP expects a Scala object. */
public final class JsonParsingErrors extends ParsingErrorHandler {
    /** The instance; Akka HTTP looks it up by this name. */
    public static final JsonParsingErrors MODULE$ = new JsonParsingErrors();

    private JsonParsingErrors() {}

    @Override
    public HttpResponse handle(StatusCode status, ErrorInfo error, LoggingAdapter log, ServerSettings settings) {
        return ErrorResponses.of(status.intValue(), "request: " + error.summary() + " (expected: HTTP/1.1)");
    }
}
