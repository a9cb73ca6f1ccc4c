package org.sipdispatch.transport;

import java.io.FileDescriptor;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.nio.channels.DatagramChannel;

/**
 * The bytes that wait in the receive buffer of a UDP socket, as the kernel counts them: with its own data for each
 * datagram. No public API of Java reads them, so this class does by reflection, see {@link UdpChannelConnector}.
 */
final class SocketQueue {
    /** The result if the number is not known. */
    static final long UNKNOWN = -1;

    private static final int SOL_SOCKET = 1;
    /** Linux: an array, the first element of which is the size of the receive queue. */
    private static final int SO_MEMINFO = 55;

    private static final SocketQueue INSTANCE = find();

    private final Method option;
    private final Field descriptor;

    private SocketQueue() throws ReflectiveOperationException {
        option = Class.forName("sun.nio.ch.Net")
                .getDeclaredMethod("getIntOption0", FileDescriptor.class, boolean.class, int.class, int.class);
        option.setAccessible(true);
        descriptor = Class.forName("sun.nio.ch.DatagramChannelImpl").getDeclaredField("fd");
        descriptor.setAccessible(true);
    }

    private static SocketQueue find() {
        try {
            return System.getProperty("os.name").equals("Linux") ? new SocketQueue() : null;
        } catch (ReflectiveOperationException | InaccessibleObjectException e) {
            return null;
        }
    }

    /** The bytes that wait, 0 or more; {@link #UNKNOWN} if this system or this virtual machine does not tell. */
    static long bytes(DatagramChannel channel) {
        if (INSTANCE == null) {
            return UNKNOWN;
        }
        try {
            return (int) INSTANCE.option.invoke(null, INSTANCE.descriptor.get(channel), false, SOL_SOCKET, SO_MEMINFO);
        } catch (ReflectiveOperationException e) {
            return UNKNOWN;
        }
    }

    /** About what the kernel counts for a datagram of this length: buffers have sizes that are powers of two. */
    static long bytesOf(int length) {
        return 256 + 2L * Integer.highestOneBit(length + 379);
    }
}
