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
 * The near end of a TCP connection that this node makes: what fails here is this node's own, and Akka tells nobody of
 * it. An option of a socket, which is applied before the socket is connected.
 */
final class NearEnd implements Inet.SocketOption {
    private final InetAddress local;
    private final Runnable failed;

    /** {@code failed} is told, on any thread, if the system gives no port of that address; no connection is made then. */
    NearEnd(InetAddress local, Runnable failed) {
        this.local = local;
        this.failed = failed;
    }

    /** Whether the process may open another socket. */
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
     * Why a connection was not made. That the far end refuses, is silent or cannot be found (ECONNREFUSED, ETIMEDOUT,
     * EHOSTUNREACH) is the destination's; no port, no route and a firewall of this host (EADDRNOTAVAIL, ENETUNREACH,
     * EPERM) are this node's.
     *
     * @param cause null if Akka itself had no room
     */
    static SendFailure why(Throwable cause) {
        if (cause instanceof ConnectException || cause instanceof NoRouteToHostException) {
            return SendFailure.UNREACHABLE;
        }
        boolean own = cause == null || cause instanceof BindException || cause.getClass() == SocketException.class;
        return own ? SendFailure.REFUSED_BY_SYSTEM : SendFailure.UNREACHABLE;
    }
}
