package org.sipdispatch.routing;

import java.net.InetSocketAddress;
import org.sipdispatch.sip.SipRequest;

/**
 * The properties of a request that a rule can test.
 *
 * @param source the source address of the request, from the operating system
 * @param socket the name of the listening socket on which it arrived
 */
public record RequestFacts(SipRequest request, InetSocketAddress source, String socket) {}
