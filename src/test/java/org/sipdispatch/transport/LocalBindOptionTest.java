package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.transaction.SendFailure;

class LocalBindOptionTest {
    @Test
    void whatTheFarEndRefusesIsTheDestinationsFault() throws IOException {
        try (SocketChannel channel = SocketChannel.open()) {
            channel.connect(Ports.freeAddress("127.0.0.1"));
        } catch (ConnectException refused) {
            assertThat(LocalBindOption.why(refused)).isEqualTo(SendFailure.UNREACHABLE);
        }
        assertThat(LocalBindOption.why(new NoRouteToHostException("No route to host")))
                .isEqualTo(SendFailure.UNREACHABLE);
    }

    /** A socket of 127.0.0.1 cannot reach another host: the system refuses before anything is sent. */
    @Test
    void whatTheSystemRefusesIsThisNodes() throws IOException {
        try (SocketChannel channel = SocketChannel.open()) {
            channel.bind(new InetSocketAddress("127.0.0.1", 0));
            channel.connect(new InetSocketAddress(InetAddress.getByName("192.0.2.1"), 5060));
        } catch (SocketException refused) {
            assertThat(LocalBindOption.why(refused)).isEqualTo(SendFailure.REFUSED_BY_SYSTEM);
        }
        assertThat(LocalBindOption.why(new SocketException("Network is unreachable")))
                .isEqualTo(SendFailure.REFUSED_BY_SYSTEM);
        assertThat(LocalBindOption.why(new BindException("Cannot assign requested address")))
                .isEqualTo(SendFailure.REFUSED_BY_SYSTEM);
        assertThat(LocalBindOption.why(null)).isEqualTo(SendFailure.REFUSED_BY_SYSTEM);
    }

    @Test
    void aLocalAddressThatTheHostHasNotIsReported() throws IOException {
        AtomicInteger calls = new AtomicInteger();
        LocalBindOption near = new LocalBindOption(InetAddress.getByName("192.0.2.1"), calls::incrementAndGet);

        try (SocketChannel channel = SocketChannel.open()) {
            near.beforeConnect(channel.socket());
        } catch (java.io.UncheckedIOException refused) {
            assertThat(calls).hasValue(1);
        }
        assertThat(calls).hasValue(1);
    }
}
