package org.sipdispatch.replication;

import org.sipdispatch.sets.Destination;

/**
 * Encodes a destination's socket and ordinal in one text: {@code udp:10.0.0.9:5060,2}. The first of equal rows, and any
 * other destination, has no ordinal in the text, as in releases without ordinals; for those releases the other rows
 * have an unknown socket. A socket never contains a comma.
 */
public record SocketText(String socket, int ordinal) {
    /** Null for the ordinal 1 without a socket. */
    public static String of(Destination destination) {
        if (destination.ordinal() == 1) {
            return destination.socket();
        }
        return (destination.socket() == null ? "" : destination.socket()) + "," + destination.ordinal();
    }

    public static SocketText parse(String text) {
        int comma = text == null ? -1 : text.lastIndexOf(',');
        if (comma < 0 || !text.substring(comma + 1).matches("\\d{1,9}")) {
            return new SocketText(text, 1);
        }
        return new SocketText(
                comma == 0 ? null : text.substring(0, comma), Integer.parseInt(text.substring(comma + 1)));
    }
}
