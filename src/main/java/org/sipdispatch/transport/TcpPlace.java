package org.sipdispatch.transport;

import akka.actor.ActorRef;
import java.net.InetAddress;
import org.sipdispatch.transaction.SendFailure;
import org.sipdispatch.transaction.Shares;

/** What a TCP connection takes of its lane's limits. One thread only. */
final class TcpPlace {
    private static final long SILENT_MS = 10_000;
    private static final long NEVER_USED_MS = 300;

    final InetAddress source;
    /** Who is told when it has to close; set as soon as there is one. */
    ActorRef connection;
    /** When something was sent or came last; when it was made, before that. */
    long usedMs;
    /** Among the connections of its kind. */
    Shares.Entry<TcpPlace> place;
    /** Among those that hold bytes; null while it holds none. */
    Shares.Entry<TcpPlace> buffered;

    private boolean used;
    private boolean displaced;

    TcpPlace(InetAddress source, long nowMs) {
        this.source = source;
        usedMs = nowMs;
    }

    /** Something was sent or came. */
    void use(long nowMs) {
        usedMs = nowMs;
        used = true;
    }

    /** Since when it counts as silent: one that nothing ever came on is it sooner. */
    long silentSince() {
        return usedMs + (used ? SILENT_MS : NEVER_USED_MS);
    }

    /** Whether it makes room for anybody. */
    boolean isSilent(long nowMs) {
        return nowMs >= silentSince();
    }

    /** Whether it was told to close. */
    boolean isDisplaced() {
        return displaced;
    }

    /** Tells it to close, once; {@code why} is for what it has not sent. */
    void displace(SendFailure why) {
        if (!displaced) {
            displaced = true;
            connection.tell(new TcpConnectionActor.Displaced(why), ActorRef.noSender());
        }
    }
}
