package org.sipdispatch.manage;

import akka.http.javadsl.model.AttributeKey;
import akka.http.javadsl.model.HttpRequest;
import org.sipdispatch.desk.Caller;
import org.sipdispatch.desk.Role;

/** Who sent a request: told by whoever let it in, to the routes behind. */
final class Callers {
    private static final AttributeKey<Caller> KEY = AttributeKey.create("caller", Caller.class);
    private static final Caller NOBODY = new Caller("nobody", "", Role.READ, false);

    private Callers() {}

    static HttpRequest with(HttpRequest request, Caller caller) {
        return request.addAttribute(KEY, caller);
    }

    /** Whom nobody let in comes in as that one. */
    static HttpRequest otherwise(HttpRequest request, Caller caller) {
        return request.getAttribute(KEY).isPresent() ? request : with(request, caller);
    }

    /** Whom nobody let in may look only. */
    static Caller of(HttpRequest request) {
        return request.getAttribute(KEY).orElse(NOBODY);
    }
}
