package org.sipdispatch.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class CallShareTest {
    private static final int THREADS = 4;

    /** The same operations on two plain numbers. */
    private static final class Model {
        private int share;
        private int used;

        private boolean takeBelow(int most) {
            boolean free = used < most;
            used += free ? 1 : 0;
            return free;
        }
    }

    @Property(tries = 500)
    void itIsTwoNumbers(@ForAll long seed) {
        Random random = new Random(seed);
        CallShare share = new CallShare();
        Model model = new Model();
        for (int i = 0; i < 200; i++) {
            int number = random.nextInt(5);
            switch (random.nextInt(7)) {
                case 0 -> assertThat(share.take()).isEqualTo(model.takeBelow(model.share));
                case 1 -> assertThat(share.takeBelow(number)).isEqualTo(model.takeBelow(number));
                case 2 -> {
                    share.force();
                    model.used++;
                }
                case 3 -> {
                    if (model.used > 0) {
                        share.giveBack();
                        model.used--;
                    }
                }
                case 4 -> {
                    int reported = random.nextInt(5);
                    share.add(number, reported);
                    int calls = Math.max(model.share, Math.min(model.used, reported));
                    model.share = number == 0 ? model.share : calls + number;
                }
                case 5 -> {
                    model.share = Math.min(model.share, model.used + number);
                    assertThat(share.keepFree(number)).isEqualTo(model.share);
                }
                default -> {
                    model.share = 0;
                    share.clear();
                }
            }
            assertThat(share.share()).isEqualTo(model.share);
            assertThat(share.used()).isEqualTo(model.used);
            assertThat(share.free()).isEqualTo(Math.max(0, model.share - model.used));
        }
    }

    /** Calls begin and end on all threads, while free places are given back and added again. */
    @Test
    void noThreadTakesAPlaceThatIsGivenBack() throws InterruptedException {
        int places = 50;
        CallShare share = new CallShare();
        share.add(places, 0);
        AtomicInteger calls = new AtomicInteger();
        AtomicInteger tooMany = new AtomicInteger();
        CountDownLatch begin = new CountDownLatch(1);
        Stream<Runnable> callers = IntStream.range(0, THREADS).mapToObj(thread -> () -> {
            for (int i = 0; i < 100_000; i++) {
                if (share.take()) {
                    calls.incrementAndGet();
                    calls.decrementAndGet();
                    share.giveBack();
                }
            }
        });
        Runnable mover = () -> {
            for (int i = 0; i < 100_000; i++) {
                int left = share.keepFree(i % places);
                tooMany.addAndGet(calls.get() > left ? 1 : 0);
                share.add(places - left, 0);
            }
        };
        runTogether(begin, Stream.concat(callers, Stream.of(mover)));

        assertThat(tooMany).hasValue(0);
        assertThat(share.used()).isZero();
        assertThat(share.share()).isEqualTo(places);
    }

    private static void runTogether(CountDownLatch begin, Stream<Runnable> tasks) throws InterruptedException {
        List<Thread> threads = tasks.map(task -> new Thread(() -> {
                    awaitUninterruptibly(begin);
                    task.run();
                }))
                .toList();
        threads.forEach(Thread::start);
        begin.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
