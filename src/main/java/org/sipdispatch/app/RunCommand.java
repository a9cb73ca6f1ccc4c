package org.sipdispatch.app;

import com.typesafe.config.Config;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.sipdispatch.logging.NonBlockingAppender;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code run}: carries traffic until the process is told to end. */
@Command(name = "run", description = "Carries traffic until it is told to end.", mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    /** How long a process that is told to end waits for the end of its start. */
    private static final int SECONDS_TO_START = 20;

    @Mixin
    private ConfigOptions options;

    /** The hook stands before the start: a process may be told to end while it starts. */
    @Override
    public Integer call() throws InterruptedException {
        Config config = options.read();
        CompletableFuture<Node> started = new CompletableFuture<>();
        CompletableFuture<Void> stop = new CompletableFuture<>();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(started, stop), "shutdown"));
        try {
            started.complete(Node.start(config, stop));
        } catch (CancellationException e) {
            started.completeExceptionally(e);
            return 0;
        } catch (RuntimeException e) {
            started.completeExceptionally(e);
            throw e;
        }
        new CountDownLatch(1).await();
        return 0;
    }

    private static void close(CompletableFuture<Node> started, CompletableFuture<Void> stop) {
        stop.complete(null);
        try {
            started.get(SECONDS_TO_START, TimeUnit.SECONDS).close();
        } catch (ExecutionException | TimeoutException e) {
            // It has not started, and has closed what it had opened.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            NonBlockingAppender.flush();
        }
    }
}
