package org.sipdispatch.manage;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The open connections. When there are too many, closes the one that has been idle for the longest time, so that idle
 * connections do not block new ones. Thread-safe.
 */
final class HttpConnections {
    private final int most;
    private final Set<HttpConnection> open = new LinkedHashSet<>();

    HttpConnections(int most) {
        this.most = most;
    }

    /** A connection. Its state is guarded by the lock of {@link HttpConnections}. */
    static final class HttpConnection {
        private final Runnable closer;
        private long silentSinceNanos;
        private boolean asked;
        private boolean busy;
        private boolean streams;
        private boolean ended;
        private boolean hungUp;

        /** @param hangUp closes the connection soon; called on any thread */
        HttpConnection(Runnable hangUp) {
            this.closer = hangUp;
        }
    }

    /** The connection is open and has no request yet. */
    synchronized void opened(HttpConnection connection, long nowNanos) {
        connection.silentSinceNanos = nowNanos;
        open.add(connection);
        closeIdle(connection);
    }

    /** A request arrived: the connection stays open until it is answered. */
    synchronized void requestArrived(HttpConnection connection) {
        connection.asked = true;
        connection.busy = true;
    }

    /**
     * A streamed response has started: the connection is busy until it is {@link #idle}, even if it accepts no further
     * requests.
     */
    synchronized void streamStarted(HttpConnection connection) {
        connection.busy = true;
        connection.streams = true;
        if (!connection.hungUp) {
            open.add(connection);
        }
    }

    /** All requests of the connection are answered. */
    synchronized void idle(HttpConnection connection, long nowNanos) {
        connection.busy = false;
        connection.streams = false;
        connection.silentSinceNanos = nowNanos;
        if (connection.ended) {
            open.remove(connection);
        }
    }

    /** The connection accepts no further requests. */
    synchronized void inputClosed(HttpConnection connection) {
        connection.ended = true;
        if (!connection.streams) {
            open.remove(connection);
        }
    }

    synchronized int size() {
        return open.size();
    }

    /** If all connections are busy, none is closed; the server itself accepts only a few more. */
    private void closeIdle(HttpConnection newcomer) {
        if (open.size() <= most) {
            return;
        }
        HttpConnection longest = null;
        for (HttpConnection one : open) {
            if (one != newcomer && !one.busy && !one.ended && (longest == null || closesBefore(one, longest))) {
                longest = one;
            }
        }
        if (longest != null) {
            open.remove(longest);
            longest.hungUp = true;
            longest.closer.run();
        }
    }

    /** Connections without any request are closed first. */
    private static boolean closesBefore(HttpConnection one, HttpConnection other) {
        return one.asked == other.asked ? one.silentSinceNanos - other.silentSinceNanos < 0 : other.asked;
    }
}
