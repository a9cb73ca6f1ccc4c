package org.sipdispatch.manage;

import akka.http.javadsl.model.AttributeKey;
import akka.http.javadsl.model.HttpRequest;
import org.sipdispatch.operations.OperationCaller;
import org.sipdispatch.operations.Role;

/** The authenticated caller as an attribute of a request. */
final class CallerAttribute {
    private static final AttributeKey<OperationCaller> KEY = AttributeKey.create("caller", OperationCaller.class);
    private static final OperationCaller ANONYMOUS = new OperationCaller("nobody", "", Role.READ, false);

    private CallerAttribute() {}

    static HttpRequest with(HttpRequest request, OperationCaller caller) {
        return request.addAttribute(KEY, caller);
    }

    /** The caller; without an attribute a read-only one. */
    static OperationCaller of(HttpRequest request) {
        return request.getAttribute(KEY).orElse(ANONYMOUS);
    }
}
