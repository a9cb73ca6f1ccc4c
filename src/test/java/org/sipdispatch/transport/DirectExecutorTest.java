package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The thread of a lane that waits for UDP sockets itself. */
@Timeout(60)
class DirectExecutorTest {
    private final AtomicReference<Throwable> uncaught = new AtomicReference<>();
    private final AtomicReference<Thread> thread = new AtomicReference<>();
    private final AtomicLong nanos = new AtomicLong();
    private final LaneThread lane = new LaneThread(UdpIo.DIRECT, nanos::get);
    private final ExecutorService mailboxes = lane.mailboxes(this::thread);
    private final List<String> order = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Integer> read = new LinkedBlockingQueue<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(65_536);
    private DatagramChannel channel;

    @BeforeEach
    void open() throws IOException {
        channel = PortSharingOptions.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        channel.configureBlocking(false);
        channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @AfterEach
    void close() throws Exception {
        channel.close();
        mailboxes.shutdown();
        assertThat(mailboxes.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    }

    private Thread thread(Runnable work) {
        Thread created = new Thread(work, "direct-executor-test");
        created.setUncaughtExceptionHandler((unused, e) -> uncaught.set(e));
        thread.set(created);
        return created;
    }

    private void run(Runnable task) {
        CompletableFuture.runAsync(task, mailboxes).join();
    }

    private void register() {
        run(() -> {
            try {
                lane.direct().register(channel, this::readOne);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private void readOne() {
        try {
            assertThat(Thread.currentThread()).isSameAs(thread.get());
            channel.receive(buffer.clear());
            order.add("datagram");
            read.add(buffer.position());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void send(int size) throws IOException {
        try (DatagramSocket sender = new DatagramSocket()) {
            sender.send(new DatagramPacket(new byte[size], size, channel.getLocalAddress()));
        }
    }

    @Test
    void datagramsOfEachSizeAreReadWhileThereAreNoTasks() throws Exception {
        register();
        for (int size : new int[] {0, 1, 1_300, 65_507}) {
            send(size);
            assertThat(read.poll(20, TimeUnit.SECONDS)).isEqualTo(size);
        }
    }

    @Test
    void theThreadTicksWhileItWaitsUntilThatEnds() throws Exception {
        register();
        BlockingQueue<Thread> ticks = new LinkedBlockingQueue<>();
        run(() -> lane.direct().tickEvery(Duration.ofMillis(5), () -> false, () -> ticks.add(Thread.currentThread())));
        send(7);
        assertThat(read.poll(20, TimeUnit.SECONDS)).isEqualTo(7);
        assertThat(ticks).isEmpty();
        for (int i = 0; i < 3; i++) {
            nanos.addAndGet(5_000_000);
            assertThat(ticks.poll(20, TimeUnit.SECONDS)).isSameAs(thread.get());
        }

        run(() -> lane.direct().tickEvery(Duration.ofMillis(5), () -> false, null));
        nanos.addAndGet(5_000_000);

        send(8);
        assertThat(read.poll(20, TimeUnit.SECONDS)).isEqualTo(8);
        assertThat(ticks).isEmpty();
    }

    @Test
    void aThreadThatIsAwakeTicksUpToAQuarterEarlierButNotMoreOften() throws Exception {
        register();
        BlockingQueue<Long> ticks = new LinkedBlockingQueue<>();
        run(() -> lane.direct().tickEvery(Duration.ofHours(4), () -> false, () -> ticks.add(nanos.get())));
        long hour = Duration.ofHours(1).toNanos();
        nanos.set(3 * hour - 1);
        send(1);
        assertThat(read.poll(20, TimeUnit.SECONDS)).isEqualTo(1);
        run(() -> {});
        assertThat(ticks).isEmpty();

        nanos.set(3 * hour);
        send(2);
        assertThat(ticks.poll(20, TimeUnit.SECONDS)).isEqualTo(3 * hour);
        nanos.set(7 * hour - 1);
        send(3);
        assertThat(read.poll(20, TimeUnit.SECONDS)).isEqualTo(2);
        assertThat(read.poll(20, TimeUnit.SECONDS)).isEqualTo(3);
        run(() -> {});
        assertThat(ticks).isEmpty();
        nanos.set(7 * hour);
        send(4);

        assertThat(ticks.poll(20, TimeUnit.SECONDS)).isEqualTo(7 * hour);
    }

    @Test
    void anIdleThreadTicksLessOftenUntilATaskEndsThat() throws Exception {
        BlockingQueue<Long> ticks = new LinkedBlockingQueue<>();
        AtomicBoolean idle = new AtomicBoolean(true);
        run(() -> lane.direct().tickEvery(Duration.ofHours(4), idle::get, () -> ticks.add(nanos.get())));
        long hour = Duration.ofHours(1).toNanos();
        nanos.set(19 * hour - 1);
        run(() -> {});
        run(() -> {});
        assertThat(ticks).isEmpty();

        nanos.set(19 * hour);
        // The thread looks at the clock after it has waited: the first task may find it before that.
        while (ticks.isEmpty()) {
            run(() -> {});
        }
        assertThat(ticks.poll()).isEqualTo(19 * hour);

        nanos.set(31 * hour);
        run(() -> {});
        run(() -> {});
        assertThat(ticks).isEmpty();
        run(() -> idle.set(false));
        assertThat(ticks.poll(20, TimeUnit.SECONDS)).isEqualTo(31 * hour);
    }

    @Test
    void everyTaskEndsTheWaitForSockets() {
        register();
        AtomicInteger done = new AtomicInteger();
        List<CompletableFuture<Void>> senders = IntStream.range(0, 2)
                .mapToObj(i -> CompletableFuture.runAsync(
                        () -> IntStream.range(0, 10_000).forEach(n -> run(done::incrementAndGet))))
                .toList();

        senders.forEach(CompletableFuture::join);

        assertThat(done).hasValue(20_000);
        assertThat(uncaught).hasValue(null);
    }

    @Test
    void tasksRunInTheirOrderOnOneThread() {
        IntStream.range(0, 1000)
                .forEach(i -> mailboxes.execute(() -> {
                    order.add(String.valueOf(i));
                    assertThat(Thread.currentThread()).isSameAs(thread.get());
                }));

        run(() -> assertThat(order)
                .isEqualTo(IntStream.range(0, 1000).mapToObj(String::valueOf).toList()));
        assertThat(uncaught).hasValue(null);
    }

    /** Otherwise a busy connection delays the datagrams of all peers. */
    @Test
    void aDatagramWaitsForTasksForAShortTimeOnly() throws Exception {
        register();
        whileADatagramWaits(() -> order.add("short"), () -> order.add("short, too"));
        read.take();
        assertThat(order).containsExactly("short", "short, too", "datagram");

        order.clear();
        whileADatagramWaits(
                () -> {
                    order.add("long");
                    nanos.addAndGet(200_000);
                },
                () -> order.add("last"));
        read.take();
        run(() -> assertThat(order).containsExactly("long", "datagram", "last"));
    }

    private void whileADatagramWaits(Runnable... tasks) throws IOException {
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch running = new CountDownLatch(1);
        mailboxes.execute(() -> {
            running.countDown();
            awaitUninterrupted(go);
        });
        awaitUninterrupted(running);
        send(1);
        try (Selector arrived = Selector.open()) {
            channel.register(arrived, SelectionKey.OP_READ);
            arrived.select();
        }
        List.of(tasks).forEach(mailboxes::execute);
        go.countDown();
    }

    @Test
    void aClosedSocketLeavesItsPortAtOnce() throws Exception {
        register();
        InetSocketAddress at = (InetSocketAddress) channel.getLocalAddress();

        run(() -> {
            try {
                lane.direct().close(channel);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });

        new DatagramSocket(at).close();
    }

    @Test
    void aTaskThatThrowsIsReportedAndTheNextOneRuns() {
        IllegalStateException fault = new IllegalStateException("the fault of a test");
        mailboxes.execute(() -> {
            throw fault;
        });

        run(() -> {});

        assertThat(uncaught).hasValue(fault);
    }

    @Test
    void theThreadEndsAfterTheTasksThatWait() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger done = new AtomicInteger();
        mailboxes.execute(() -> awaitUninterrupted(go));
        IntStream.range(0, 10).forEach(i -> mailboxes.execute(done::incrementAndGet));

        mailboxes.shutdown();
        assertThat(mailboxes.isTerminated()).isFalse();
        go.countDown();

        assertThat(mailboxes.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        assertThat(done).hasValue(10);
    }

    private static void awaitUninterrupted(CountDownLatch go) {
        try {
            go.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
