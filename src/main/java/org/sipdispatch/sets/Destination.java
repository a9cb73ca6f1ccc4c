package org.sipdispatch.sets;

import java.util.Locale;
import java.util.Objects;
import org.sipdispatch.sip.SipUri;

/**
 * One row of a destination set, as an operator defined it.
 *
 * @param partition the partition's name
 * @param set the set's number, 0 or more
 * @param uri the destination as stored; with set, socket and ordinal it is the identity
 * @param socket the local socket to send from, by name or {@code proto:address[:port]}; null for any
 * @param weight 0 to 65535
 * @param priority 0 to 65535, larger first
 * @param attrs text that is opaque to the dispatcher; may be empty
 * @param description for people; may be empty
 * @param ordinal 1, or the place among rows that share partition, set, URI and socket, in the order of their rows. OpenSIPS
 *     counts each of them
 */
public record Destination(
        String partition,
        int set,
        String uri,
        String socket,
        int weight,
        int priority,
        String attrs,
        String description,
        int ordinal) {

    /** The only one with its set, URI and socket, or the first one. */
    public Destination(
            String partition,
            int set,
            String uri,
            String socket,
            int weight,
            int priority,
            String attrs,
            String description) {
        this(partition, set, uri, socket, weight, priority, attrs, description, 1);
    }

    /**
     * Where traffic goes: the URI without user, password and headers. (OpenSIPS loses the semicolon before the
     * parameters here; we keep it.)
     */
    public SipUri trafficUri() {
        SipUri whole = SipUri.parse(uri);
        if (whole.userEnd() == whole.userStart() && !whole.hasHeaders()) {
            return whole;
        }
        String hostPort = uri.substring(0, uri.indexOf(':') + 1)
                + whole.host()
                + (whole.port() == SipUri.NO_PORT ? "" : ":" + whole.port());
        return SipUri.parse(hostPort + whole.parametersText());
    }

    /** The set that it is in. */
    public SetId setId() {
        return new SetId(partition, set);
    }

    /** Whether it has the same {@link #id}, however else it was defined. */
    boolean isSame(Destination other) {
        return set == other.set
                && ordinal == other.ordinal
                && uri.equalsIgnoreCase(other.uri)
                && partition.equals(other.partition)
                && Objects.equals(socket, other.socket);
    }

    /**
     * What names this destination in its cluster; URIs are compared without regard to case, as OpenSIPS does. No URI ends
     * in a comma and a number (RFC 3261 section 25.1), so the second of equal rows has an id of its own.
     */
    public String id() {
        return ordinal == 1 ? sharedId() : sharedId() + "," + ordinal;
    }

    /** What it has in common with its equals: the id of the first of them. */
    public String sharedId() {
        return partition + ":" + set + ":" + uri.toLowerCase(Locale.ROOT) + (socket == null ? "" : "@" + socket);
    }
}
