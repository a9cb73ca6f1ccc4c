package org.sipdispatch.destination;

import org.sipdispatch.sets.Destination;

/**
 * A ping to send.
 *
 * @param method OPTIONS or another method
 * @param from the From URI
 * @param maxForwards 0 to 255
 * @param socket the local socket to send from if the destination names none, by name or
 *     {@code proto:address[:port]}; null for any
 * @param timeoutMs how long to wait for the final response, in milliseconds
 */
public record Ping(Destination destination, String method, String from, int maxForwards, String socket, int timeoutMs)
        implements WireMessage {}
