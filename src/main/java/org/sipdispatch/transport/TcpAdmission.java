package org.sipdispatch.transport;

import akka.actor.ActorRef;
import java.net.InetAddress;
import org.sipdispatch.transaction.SendFailure;
import org.sipdispatch.transaction.SourceShares;

/** A TCP connection's share of its lane's limits. One thread only. */
final class TcpAdmission {
    private static final long SILENT_MS = 10_000;
    private static final long NEVER_USED_MS = 300;

    /** Closes the connection to free its slot or memory for others; pending messages fail with {@code why}. */
    record Evicted(SendFailure why) {}

    final InetAddress source;
    /** The actor to tell when the connection must close; set as soon as it exists. */
    ActorRef connection;
    /** When bytes were last sent or received; before that, when the connection was opened. */
    long usedMs;
    /** The entry among the connections of the same kind. */
    SourceShares.ResourceHolder<TcpAdmission> place;
    /** The entry among the connections that hold memory; null while this one holds none. */
    SourceShares.ResourceHolder<TcpAdmission> buffered;

    private boolean used;
    private boolean evicted;

    TcpAdmission(InetAddress source, long nowMs) {
        this.source = source;
        usedMs = nowMs;
    }

    /** Records that bytes were sent or received. */
    void use(long nowMs) {
        usedMs = nowMs;
        used = true;
    }

    /** The time from which the connection counts as idle: sooner if it has never been used. */
    long idleSince() {
        return usedMs + (used ? SILENT_MS : NEVER_USED_MS);
    }

    /** Whether the connection is idle, so that it may be closed for any other. */
    boolean isIdle(long nowMs) {
        return nowMs >= idleSince();
    }

    /** Whether the connection has been told to close. */
    boolean isEvicted() {
        return evicted;
    }

    /** Tells the connection to close, once; {@code why} is the failure of its unsent messages. */
    void evict(SendFailure why) {
        if (!evicted) {
            evicted = true;
            connection.tell(new Evicted(why), ActorRef.noSender());
        }
    }
}
