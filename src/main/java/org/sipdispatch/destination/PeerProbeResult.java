package org.sipdispatch.destination;

/**
 * The result of another node's ping.
 *
 * @param node the address of the other node
 * @param atMs when the result was reported, in milliseconds since 1970
 */
public record PeerProbeResult(String node, PingResult result, long atMs) implements WireMessage {}
