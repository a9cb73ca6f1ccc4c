package org.sipdispatch.transport;

import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;

/**
 * Connects a UDP channel to one peer without losing datagrams. {@link DatagramChannel#connect} reads and drops what
 * arrives after the system call, although the peer's datagrams already belong to this socket. No public API avoids
 * that, so this class does the same by reflection, without dropping. The virtual machine must be started with
 * {@code --add-opens java.base/sun.nio.ch=ALL-UNNAMED}.
 */
final class UdpChannelConnector {
    /** The value of {@code ST_CONNECTED} in {@code sun.nio.ch.DatagramChannelImpl}. */
    private static final int CONNECTED = 1;

    private static final UdpChannelConnector INSTANCE = find();

    private final Method connect;
    private final Field descriptor;
    private final Field initialLocal;
    private final Field remote;
    private final Field state;

    private UdpChannelConnector(Class<?> channel) throws ReflectiveOperationException {
        connect = Class.forName("sun.nio.ch.Net")
                .getDeclaredMethod("connect", ProtocolFamily.class, FileDescriptor.class, InetAddress.class, int.class);
        connect.setAccessible(true);
        descriptor = open(channel, "fd");
        initialLocal = open(channel, "initialLocalAddress");
        remote = open(channel, "remoteAddress");
        state = open(channel, "state");
    }

    private static Field open(Class<?> channel, String name) throws NoSuchFieldException {
        Field field = channel.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }

    private static UdpChannelConnector find() {
        try {
            return new UdpChannelConnector(Class.forName("sun.nio.ch.DatagramChannelImpl"));
        } catch (ReflectiveOperationException | InaccessibleObjectException e) {
            return null;
        }
    }

    /** Whether this virtual machine permits the reflection. */
    static boolean isPossible() {
        return INSTANCE != null;
    }

    /**
     * Connects a channel of family {@code AF_INET6} that is bound and that no other thread uses yet.
     *
     * @throws IOException if the operating system or this virtual machine refuses
     */
    static void connect(DatagramChannel bound, InetSocketAddress peer) throws IOException {
        if (INSTANCE == null) {
            throw new IOException("java.base/sun.nio.ch: closed (expected: --add-opens)");
        }
        try {
            INSTANCE.initialLocal.set(bound, bound.getLocalAddress());
            INSTANCE.connect.invoke(
                    null,
                    StandardProtocolFamily.INET6,
                    INSTANCE.descriptor.get(bound),
                    peer.getAddress(),
                    peer.getPort());
            INSTANCE.remote.set(bound, peer);
            INSTANCE.state.setInt(bound, CONNECTED);
        } catch (InvocationTargetException e) {
            throw new IOException("connect to " + peer + ": " + e.getCause().getMessage(), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IOException("connect to " + peer + ": " + e.getMessage(), e);
        }
    }
}
