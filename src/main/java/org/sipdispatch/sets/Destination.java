package org.sipdispatch.sets;

import java.util.Locale;
import java.util.Objects;
import org.sipdispatch.sip.SipUri;

/**
 * One row of a destination set, as an operator defined it.
 *
 * @param partition the partition's name
 * @param set the set's number, 0 or more
 * @param uri the destination as stored; with set and socket it is the identity
 * @param socket the local socket to send from, by name or {@code proto:address[:port]}; null for any
 * @param weight 0 to 65535
 * @param priority 0 to 65535, larger first
 * @param attrs text that is opaque to the dispatcher; may be empty
 * @param description for people; may be empty
 */
public record Destination(
        String partition,
        int set,
        String uri,
        String socket,
        int weight,
        int priority,
        String attrs,
        String description) {

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
                && uri.equalsIgnoreCase(other.uri)
                && partition.equals(other.partition)
                && Objects.equals(socket, other.socket);
    }

    /** What names this destination in its cluster; URIs are compared without regard to case, as OpenSIPS does. */
    public String id() {
        return partition + ":" + set + ":" + uri.toLowerCase(Locale.ROOT) + (socket == null ? "" : "@" + socket);
    }
}
