package org.sipdispatch.routing;

import java.net.InetSocketAddress;
import org.sipdispatch.sip.SipRequest;

/**
 * What a rule can look at.
 *
 * @param source where the request came from, as the operating system told it
 * @param socket the name of the listening socket that it came in on
 */
public record RequestFacts(SipRequest request, InetSocketAddress source, String socket) {}
