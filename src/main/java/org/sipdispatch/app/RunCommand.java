package org.sipdispatch.app;

import com.typesafe.config.Config;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.sipdispatch.logging.LogEnd;
import org.sipdispatch.settings.SettingException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(name = "run", description = "Runs a node until it is stopped.", mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    /** How long a process that gets SIGTERM during its start waits for the start to finish. */
    private static final int SECONDS_TO_START = 20;

    @Mixin
    private ConfigOptions options;

    @Spec
    private CommandSpec spec;

    /** Adds the shutdown hook before the start: SIGTERM may come while the node starts. */
    @Override
    public Integer call() throws InterruptedException {
        try {
            return run();
        } catch (SettingException e) {
            return refuse(e);
        }
    }

    private int run() throws InterruptedException {
        Config config = options.read();
        CompletableFuture<Node> started = new CompletableFuture<>();
        CompletableFuture<Void> stop = new CompletableFuture<>();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(started, stop), "shutdown"));
        try {
            started.complete(Node.start(config, options.file(), stop));
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

    /** Prints all problems of the settings with their places; if the settings are valid, the one that was found. */
    private int refuse(SettingException first) {
        SettingsCheck check = SettingsCheck.of(options.file(), ConfigOptions.home());
        List<CheckFinding> errors =
                check.findings().stream().filter(CheckFinding::isError).toList();
        PrintWriter err = spec.commandLine().getErr();
        if (errors.isEmpty() || check.settings() == null && errors.get(0).line() == 0) {
            err.println(first.getMessage());
        } else {
            errors.forEach(err::println);
            err.println("not started; to check the configuration and its destinations: sip-dispatcher check "
                    + options.file());
        }
        err.flush();
        return Main.BAD_SETTING;
    }

    private static void close(CompletableFuture<Node> started, CompletableFuture<Void> stop) {
        stop.complete(null);
        try {
            started.get(SECONDS_TO_START, TimeUnit.SECONDS).close();
        } catch (ExecutionException | TimeoutException e) {
            // The node has not started, and has closed everything that it had opened.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            LogEnd.flush();
        }
    }
}
