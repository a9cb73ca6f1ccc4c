package org.sipdispatch.transport;

import akka.io.Inet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.channels.SocketChannel;
import org.sipdispatch.transaction.SendFailure;

/**
 * Binds the local end of an outgoing TCP connection. A socket option, because Akka applies options before it connects
 * and does not report why binding failed: that is an error of this node, not of the peer.
 */
final class LocalBindOption implements Inet.SocketOption {
    private final InetAddress local;
    private final Runnable failed;

    /** {@code failed} runs, on any thread, if the address cannot be bound; the connection is not opened then. */
    LocalBindOption(InetAddress local, Runnable failed) {
        this.local = local;
        this.failed = failed;
    }

    /** Whether the process can open another file descriptor. */
    static boolean hasDescriptor() {
        try {
            SocketChannel.open().close();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void beforeConnect(Socket socket) {
        try {
            socket.bind(new InetSocketAddress(local, 0));
        } catch (IOException e) {
            failed.run();
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Why a connection could not be opened. ECONNREFUSED, ETIMEDOUT and EHOSTUNREACH are the peer's failures;
     * EADDRNOTAVAIL, ENETUNREACH and EPERM (no port, no route, a local firewall) are this node's.
     *
     * @param cause null if Akka itself refused
     */
    static SendFailure why(Throwable cause) {
        if (cause instanceof ConnectException || cause instanceof NoRouteToHostException) {
            return SendFailure.UNREACHABLE;
        }
        boolean own = cause == null || cause instanceof BindException || cause.getClass() == SocketException.class;
        return own ? SendFailure.REFUSED_BY_SYSTEM : SendFailure.UNREACHABLE;
    }
}
