package org.sipdispatch.destination;

import org.sipdispatch.sets.Destination;

/**
 * One ping.
 *
 * @param method OPTIONS or any other
 * @param from the From URI
 * @param maxForwards 0 to 255
 * @param socket the local socket to send from where the destination names none, by name or
 *     {@code proto:address[:port]}; null for any
 * @param timeoutMs how long to wait for the final reply, in milliseconds
 */
public record Ping(Destination destination, String method, String from, int maxForwards, String socket, int timeoutMs)
        implements WireMessage {}
