package org.sipdispatch.destination;

/**
 * What another node saw of a destination.
 *
 * @param node that node's address
 * @param atMs when it was told, in milliseconds since 1970
 */
public record Opinion(String node, PingResult result, long atMs) implements WireMessage {}
