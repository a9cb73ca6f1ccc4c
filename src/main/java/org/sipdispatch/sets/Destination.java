package org.sipdispatch.sets;

import java.util.Locale;
import java.util.Objects;
import org.sipdispatch.sip.IpLiteral;
import org.sipdispatch.sip.SipUri;

/**
 * One row of a destination set, as the operator defined it.
 *
 * @param partition the partition's name
 * @param set the set's number, 0 or more
 * @param uri the destination as stored; with set, socket and ordinal it is the identity
 * @param socket the local socket to send from, by name or {@code proto:address[:port]}; null for any
 * @param weight 0 to 65535
 * @param priority 0 to 65535, larger first
 * @param attrs text that is opaque to the dispatcher; may be empty
 * @param description a description for operators; may be empty
 * @param ordinal 1, or the position among rows with the same partition, set, URI and socket, in row order; OpenSIPS
 *     uses each of these rows
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

    /** A destination with ordinal 1. */
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

    /** The same with another weight. */
    public Destination withWeight(int other) {
        return new Destination(partition, set, uri, socket, other, priority, attrs, description, ordinal);
    }

    /** Whether its traffic goes over TLS. */
    public boolean isOverTls() {
        return trafficUri().transport().equals("tls");
    }

    /**
     * The target of traffic: the URI without user, password and headers. (OpenSIPS loses the semicolon before the
     * parameters here; this class keeps it.)
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

    /**
     * The target of traffic over the transport that a NAPTR record has chosen.
     *
     * @param transport empty for that of the URI
     */
    public SipUri trafficUri(String transport) {
        return transport.isEmpty() ? trafficUri() : SipUri.parse(trafficUri() + ";transport=" + transport);
    }

    /** Whether its URI has a host name, so that traffic to it needs DNS. */
    public boolean isNamed() {
        SipUri target = trafficUri();
        String maddr = target.parameterText("maddr");
        return (maddr == null || IpLiteral.parse(maddr) == null)
                && IpLiteral.parse(target.bytes(), target.hostStart(), target.hostEnd()) == null;
    }

    public SetId setId() {
        return new SetId(partition, set);
    }

    /** Whether both have the same {@link #id}; other attributes may differ. */
    boolean isSame(Destination other) {
        return set == other.set
                && ordinal == other.ordinal
                && uri.equalsIgnoreCase(other.uri)
                && partition.equals(other.partition)
                && Objects.equals(socket, other.socket);
    }

    /**
     * The destination's identity in the cluster. URIs are compared case-insensitively, as in OpenSIPS. No URI ends in a
     * comma and a number (RFC 3261 section 25.1), so that the second of equal rows has a unique id.
     */
    public String id() {
        return ordinal == 1 ? sharedId() : sharedId() + "," + ordinal;
    }

    /** The id of the first of the equal rows, which they have in common. */
    public String sharedId() {
        return partition + ":" + set + ":" + uri.toLowerCase(Locale.ROOT) + (socket == null ? "" : "@" + socket);
    }
}
