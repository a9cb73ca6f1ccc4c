package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the kernel says about datagrams that wait. */
class SocketQueueTest {
    private static DatagramChannel bound() throws IOException {
        return DatagramChannel.open().bind(new InetSocketAddress("127.0.0.1", 0));
    }

    @Test
    void anEmptySocketHasNoBytes() throws IOException {
        try (DatagramChannel channel = bound()) {
            assumeTrue(SocketQueue.bytes(channel) != SocketQueue.UNKNOWN);
            assertThat(SocketQueue.bytes(channel)).isZero();
        }
    }

    /** Network cards count up to twice as much. */
    @ParameterizedTest
    @ValueSource(ints = {10, 300, 600, 1400})
    void theBytesOfDatagramsAreAboutAsComputed(int length) throws IOException {
        try (DatagramChannel channel = bound();
                DatagramChannel sender = bound()) {
            assumeTrue(SocketQueue.bytes(channel) != SocketQueue.UNKNOWN);
            for (int i = 0; i < 20; i++) {
                sender.send(ByteBuffer.allocate(length), channel.getLocalAddress());
            }

            assertThat(SocketQueue.bytes(channel))
                    .isBetween(10 * SocketQueue.bytesOf(length), 40 * SocketQueue.bytesOf(length));
        }
    }
}
