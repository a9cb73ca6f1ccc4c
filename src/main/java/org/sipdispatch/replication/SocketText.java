package org.sipdispatch.replication;

import org.sipdispatch.sets.Destination;

/**
 * How a destination's socket travels, and its ordinal behind it: {@code udp:10.0.0.9:5060,2}. So the first of equal rows, and
 * any other destination, looks as it did before rows had ordinals; for older releases the others have a socket that they do not
 * know. No socket has a comma.
 */
public record SocketText(String socket, int ordinal) {
    /** Null where there is neither a socket nor an ordinal to tell. */
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
