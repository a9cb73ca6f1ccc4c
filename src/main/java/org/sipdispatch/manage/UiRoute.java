package org.sipdispatch.manage;

import static akka.http.javadsl.server.PathMatchers.segment;

import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.model.headers.EntityTag;
import akka.http.javadsl.model.headers.RawHeader;
import akka.http.javadsl.server.AllDirectives;
import akka.http.javadsl.server.Route;
import java.util.List;

/** The web page, at {@code /dispatcher/ui/}. */
final class UiRoute extends AllDirectives {
    private static final List<HttpHeader> HEADERS = UiFiles.HEADERS.entrySet().stream()
            .map(header -> (HttpHeader) RawHeader.create(header.getKey(), header.getValue()))
            .toList();

    private final UiFiles files = new UiFiles();

    Route route() {
        return concat(
                pathSingleSlash(() -> get(this::toPage)),
                path(segment("dispatcher").slash("ui"), () -> get(this::toPage)),
                pathPrefix(
                        segment("dispatcher").slash("ui"),
                        () -> concat(
                                pathSingleSlash(() -> get(() -> file(""))),
                                path(segment(), name -> get(() -> file(name))))));
    }

    private Route toPage() {
        return redirect(akka.http.javadsl.model.Uri.create(UiFiles.PATH), StatusCodes.FOUND);
    }

    private Route file(String name) {
        return files.find(name).map(this::shown).orElseGet(this::reject);
    }

    private Route shown(UiFiles.UiFile file) {
        return respondWithHeaders(
                HEADERS,
                () -> conditional(
                        EntityTag.create(file.etag(), false),
                        () -> complete(HttpResponse.create()
                                .withEntity(HttpEntities.create(ContentTypes.parse(file.type()), file.bytes())))));
    }
}
