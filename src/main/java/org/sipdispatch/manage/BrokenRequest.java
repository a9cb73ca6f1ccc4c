package org.sipdispatch.manage;

import akka.event.LoggingAdapter;
import akka.http.ParsingErrorHandler;
import akka.http.javadsl.model.HttpResponse;
import akka.http.scaladsl.model.ErrorInfo;
import akka.http.scaladsl.model.StatusCode;
import akka.http.scaladsl.settings.ServerSettings;

/** Answers what is no HTTP. Named in the configuration, where a Scala object is expected. */
public final class BrokenRequest extends ParsingErrorHandler {
    /** The one that Akka HTTP looks for by that name. */
    public static final BrokenRequest MODULE$ = new BrokenRequest();

    private BrokenRequest() {}

    @Override
    public HttpResponse handle(StatusCode status, ErrorInfo error, LoggingAdapter log, ServerSettings settings) {
        return Errors.of(status.intValue(), "request: " + error.summary() + " (expected: HTTP/1.1)");
    }
}
