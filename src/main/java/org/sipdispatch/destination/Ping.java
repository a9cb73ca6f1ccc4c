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
 * @param target the name of the target to send to; empty for any address of the destination. Not part of the message
 *     between nodes
 */
public record Ping(
        Destination destination,
        String method,
        String from,
        int maxForwards,
        String socket,
        int timeoutMs,
        String target)
        implements WireMessage {
    public Ping {
        // As read from another node.
        target = target == null ? "" : target;
    }

    /** A ping to any address of the destination. */
    public Ping(Destination destination, String method, String from, int maxForwards, String socket, int timeoutMs) {
        this(destination, method, from, maxForwards, socket, timeoutMs, "");
    }

    /** The same to a target; empty for any address. */
    public Ping to(String name) {
        return new Ping(destination, method, from, maxForwards, socket, timeoutMs, name);
    }
}
