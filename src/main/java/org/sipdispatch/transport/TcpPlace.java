package org.sipdispatch.transport;

import akka.actor.ActorRef;
import java.net.InetAddress;
import org.sipdispatch.relay.Shares;

/** What a TCP connection takes of its lane's limits. One thread only. */
final class TcpPlace {
    final InetAddress source;
    /** Who is told when it has to close; set as soon as there is one. */
    ActorRef connection;
    /** When something was sent or came last. */
    long usedMs;
    /** Among the connections of its kind. */
    Shares.Entry<TcpPlace> place;
    /** Among those that hold bytes; null while it holds none. */
    Shares.Entry<TcpPlace> buffered;

    private boolean displaced;

    TcpPlace(InetAddress source, long nowMs) {
        this.source = source;
        usedMs = nowMs;
    }

    /** Whether it was told to close. */
    boolean isDisplaced() {
        return displaced;
    }

    /** Tells it to close, once. */
    void displace() {
        if (!displaced) {
            displaced = true;
            connection.tell(TcpConnectionActor.Displaced.INSTANCE, ActorRef.noSender());
        }
    }
}
