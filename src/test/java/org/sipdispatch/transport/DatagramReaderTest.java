package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.ActorRef;
import akka.actor.ActorSystem;
import akka.testkit.javadsl.TestKit;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DatagramReaderTest {
    private final ActorSystem system = ActorSystem.create("datagram-reader");
    private final TestKit owner = new TestKit(system);
    private final ByteBuffer buffer = ByteBuffer.allocate(100);
    private DatagramChannel channel;
    private DatagramReader reader;
    private boolean unhandled;

    @BeforeEach
    void open() throws IOException {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        channel = ReusablePort.open(any);
        channel.configureBlocking(false);
        channel.bind(any);
        reader = new DatagramReader(channel, owner.getRef());
    }

    @AfterEach
    void close() throws IOException {
        channel.close();
        TestKit.shutdownActorSystem(system);
    }

    private void send(int datagrams) throws IOException {
        try (DatagramSocket sender = new DatagramSocket();
                Selector arrived = Selector.open()) {
            for (int i = 0; i < datagrams; i++) {
                sender.send(new DatagramPacket(new byte[1], 1, channel.getLocalAddress()));
            }
            channel.register(arrived, SelectionKey.OP_READ);
            arrived.select();
        }
    }

    /** The number of datagrams that one turn reads. */
    private int read() {
        reader.read(buffer);
        owner.getRef().tell("end", ActorRef.noSender());
        int count = 0;
        Object message = received();
        while (!message.equals("end")) {
            if (message instanceof DatagramReader.Handled) {
                unhandled = true;
            } else {
                count++;
            }
            message = received();
        }
        return count;
    }

    private Object received() {
        return Objects.requireNonNull(owner.receiveOne(Duration.ofSeconds(20)));
    }

    @Test
    void aSocketIsReadUntilItIsEmptyOnlyIfItIsReadySeveralTimesInTurn() throws IOException {
        for (int i = 0; i < 4; i++) {
            send(3);
            assertThat(read()).isOne();
        }
        send(3);
        assertThat(read()).isGreaterThan(1);
        assertThat(unhandled).isTrue();
        send(3);
        assertThat(read()).as("before the actor has handled what was read").isZero();
        reader.handled();
        assertThat(read()).isGreaterThan(1);

        reader.handled();
        while (read() > 0) {
            // The rest, which may arrive later.
            reader.handled();
        }
        send(3);
        assertThat(read()).isOne();
    }

    @Test
    void itsActorLearnsThatASocketCannotBeRead() throws IOException {
        channel.close();

        reader.read(buffer);

        assertThat(owner.expectMsgClass(DatagramReader.Failed.class).channel()).isSameAs(channel);
    }
}
