package org.sipdispatch.manage;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The connections that are open, so that those on which nothing is asked do not keep others out: where there are too many,
 * the one that has been silent for longest has to go. Thread-safe.
 */
final class Connections {
    private final int most;
    private final Set<Connection> open = new LinkedHashSet<>();

    Connections(int most) {
        this.most = most;
    }

    /** One of them. What it remembers is guarded by all of them together. */
    static final class Connection {
        private final Runnable hangUp;
        private long silentSinceNanos;
        private boolean asked;
        private boolean busy;
        private boolean streams;
        private boolean ended;
        private boolean hungUp;

        /** {@code hangUp}: on any thread, ends it soon. */
        Connection(Runnable hangUp) {
            this.hangUp = hangUp;
        }
    }

    /** It is there, and nothing was asked on it yet. */
    synchronized void begin(Connection connection, long nowNanos) {
        connection.silentSinceNanos = nowNanos;
        open.add(connection);
        makeRoom(connection);
    }

    /** Something was asked on it: until that is answered it stays. */
    synchronized void asks(Connection connection) {
        connection.asked = true;
        connection.busy = true;
    }

    /** An answer goes out on it bit by bit, until it {@link #rests}, even if no more can be asked on it. */
    synchronized void streams(Connection connection) {
        connection.busy = true;
        connection.streams = true;
        if (!connection.hungUp) {
            open.add(connection);
        }
    }

    /** All that was asked on it is answered. */
    synchronized void rests(Connection connection, long nowNanos) {
        connection.busy = false;
        connection.streams = false;
        connection.silentSinceNanos = nowNanos;
        if (connection.ended) {
            open.remove(connection);
        }
    }

    /** No more will be asked on it. */
    synchronized void end(Connection connection) {
        connection.ended = true;
        if (!connection.streams) {
            open.remove(connection);
        }
    }

    synchronized int size() {
        return open.size();
    }

    /** Where all are being answered, nobody goes; the server itself lets only a few more in. */
    private void makeRoom(Connection newcomer) {
        if (open.size() <= most) {
            return;
        }
        Connection longest = null;
        for (Connection one : open) {
            if (one != newcomer && !one.busy && !one.ended && (longest == null || goesBefore(one, longest))) {
                longest = one;
            }
        }
        if (longest != null) {
            open.remove(longest);
            longest.hungUp = true;
            longest.hangUp.run();
        }
    }

    /** Those first on which nothing was ever asked. */
    private static boolean goesBefore(Connection one, Connection other) {
        return one.asked == other.asked ? one.silentSinceNanos - other.silentSinceNanos < 0 : other.asked;
    }
}
