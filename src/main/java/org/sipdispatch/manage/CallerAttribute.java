package org.sipdispatch.manage;

import akka.http.javadsl.model.AttributeKey;
import akka.http.javadsl.model.HttpRequest;
import org.sipdispatch.operations.Caller;
import org.sipdispatch.operations.Role;

/** The authenticated caller as an attribute of a request. */
final class CallerAttribute {
    private static final AttributeKey<Caller> KEY = AttributeKey.create("caller", Caller.class);
    private static final Caller ANONYMOUS = new Caller("nobody", "", Role.READ, false);

    private CallerAttribute() {}

    static HttpRequest with(HttpRequest request, Caller caller) {
        return request.addAttribute(KEY, caller);
    }

    /** The caller; without an attribute a read-only one. */
    static Caller of(HttpRequest request) {
        return request.getAttribute(KEY).orElse(ANONYMOUS);
    }
}
