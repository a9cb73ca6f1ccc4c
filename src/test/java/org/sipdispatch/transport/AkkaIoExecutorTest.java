package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AkkaIoExecutorTest {
    private final AtomicReference<Throwable> uncaught = new AtomicReference<>();
    private final AtomicReference<Thread> thread = new AtomicReference<>();
    private final AtomicLong nanos = new AtomicLong();
    private final LaneThread lane = new LaneThread(UdpIo.AKKA_IO, nanos::get);
    private final ExecutorService mailboxes = lane.mailboxes(this::thread);
    private final ExecutorService selections = lane.selections(this::thread);
    private final AtomicInteger waits = new AtomicInteger();
    private Selector selector;

    @BeforeEach
    void open() throws IOException {
        selector = Selector.open();
    }

    @AfterEach
    void close() throws Exception {
        mailboxes.shutdown();
        selections.shutdown();
        assertThat(selections.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        selector.close();
    }

    private Thread thread(Runnable work) {
        Thread created = new Thread(work, "lane-executor-test");
        created.setUncaughtExceptionHandler((unused, e) -> uncaught.set(e));
        thread.set(created);
        return created;
    }

    /** Waits without a limit and executes itself again, as Akka IO does. */
    private void select() {
        try {
            waits.incrementAndGet();
            selector.select();
            selector.selectedKeys().clear();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        selections.execute(this::select);
    }

    private void run(Runnable task) {
        CompletableFuture.runAsync(task, mailboxes).join();
    }

    @Test
    void tasksRunInTheirOrderOnOneThread() {
        List<Integer> seen = new ArrayList<>();
        IntStream.range(0, 1000)
                .forEach(i -> mailboxes.execute(() -> {
                    seen.add(i);
                    assertThat(Thread.currentThread()).isSameAs(thread.get());
                }));

        run(() -> assertThat(seen).hasSize(1000).isSorted());
        assertThat(uncaught).hasValue(null);
    }

    @Test
    void aTaskEndsTheWaitForSockets() {
        selections.execute(this::select);
        for (int i = 1; i < 100; i++) {
            int waited = i;
            await().pollInterval(1, TimeUnit.MILLISECONDS).until(() -> waits.get() >= waited);
            run(() -> {});
        }
    }

    @Test
    void aTaskOfTheWaitItselfRunsBeforeTheNextWait() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        selections.execute(() -> {
            mailboxes.execute(() -> done.complete(null));
            selections.execute(this::select);
        });

        done.join();
    }

    /** An interrupt would close a channel that a task uses. */
    @Test
    void noTaskIsInterrupted() throws Exception {
        AtomicInteger interrupted = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        DatagramChannel channel = DatagramChannel.open();
        channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        channel.configureBlocking(false);
        run(() -> register(channel));
        selections.execute(this::select);
        ByteBuffer bytes = ByteBuffer.allocate(1);

        List<CompletableFuture<Void>> senders = IntStream.range(0, 2)
                .mapToObj(i -> CompletableFuture.runAsync(() -> {
                    for (int n = 0; n < 20_000; n++) {
                        int waited = waits.get();
                        mailboxes.execute(() -> {
                            interrupted.addAndGet(Thread.currentThread().isInterrupted() ? 1 : 0);
                            receive(channel, bytes);
                            done.incrementAndGet();
                        });
                        // Half of the tasks find the thread waiting.
                        while (n % 2 == 0 && waits.get() == waited) {
                            Thread.onSpinWait();
                        }
                    }
                }))
                .toList();
        senders.forEach(CompletableFuture::join);

        run(() -> assertThat(done).hasValue(40_000));
        assertThat(interrupted).hasValue(0);
        assertThat(channel.isOpen()).isTrue();
        channel.close();
    }

    private void register(DatagramChannel channel) {
        try {
            channel.register(selector, SelectionKey.OP_READ);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void receive(DatagramChannel channel, ByteBuffer bytes) {
        try {
            bytes.clear();
            channel.receive(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Otherwise a busy connection delays the datagrams of all other peers. */
    @Test
    void aSelectionWaitsForOtherTasksForAShortTimeOnly() {
        List<String> order = new ArrayList<>();
        inOneGo(
                () -> mailboxes.execute(() -> order.add("short")),
                () -> selections.execute(() -> order.add("selection")),
                () -> mailboxes.execute(() -> order.add("short, too")));
        run(() -> assertThat(order).containsExactly("short", "short, too", "selection"));

        order.clear();
        inOneGo(
                () -> mailboxes.execute(() -> {
                    order.add("long");
                    nanos.addAndGet(200_000);
                }),
                () -> selections.execute(() -> order.add("selection")),
                () -> mailboxes.execute(() -> order.add("last")));
        run(() -> assertThat(order).containsExactly("long", "selection", "last"));
    }

    private void inOneGo(Runnable... additions) {
        CountDownLatch go = new CountDownLatch(1);
        mailboxes.execute(() -> awaitUninterrupted(go));
        List.of(additions).forEach(Runnable::run);
        go.countDown();
        CompletableFuture<Void> selected = new CompletableFuture<>();
        selections.execute(() -> selected.complete(null));
        selected.join();
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
    void theThreadEndsWithTheLastOfItsDispatchersAfterTheTasksThatWait() throws Exception {
        selections.execute(this::select);
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger done = new AtomicInteger();
        mailboxes.execute(() -> awaitUninterrupted(go));
        IntStream.range(0, 10).forEach(i -> mailboxes.execute(done::incrementAndGet));

        selections.shutdown();
        selections.shutdown();
        assertThat(selections.isTerminated()).isFalse();
        mailboxes.shutdown();
        go.countDown();

        assertThat(mailboxes.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        assertThat(done).hasValue(10);
        assertThatThrownBy(() -> mailboxes.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
    }

    private static void awaitUninterrupted(CountDownLatch go) {
        try {
            go.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
