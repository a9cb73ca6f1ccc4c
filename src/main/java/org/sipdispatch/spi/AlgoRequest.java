package org.sipdispatch.spi;

import java.net.InetSocketAddress;

/** The request for which an {@link AlgoRoute} is called. Valid during the call only; do not keep it. */
public interface AlgoRequest {
    /** The method, {@code INVITE}. */
    String method();

    /** The Request-URI. */
    String requestUri();

    /** The URI of the From header field; null if it has none. */
    String fromUri();

    /** The URI of the To header field; null if it has none. */
    String toUri();

    /** The Call-ID. */
    String callId();

    /** The first header field of that name; null if there is none. */
    String header(String name);

    /** The address and port from which the request arrived. */
    InetSocketAddress source();

    /** The name of the socket on which it arrived. */
    String socket();
}
