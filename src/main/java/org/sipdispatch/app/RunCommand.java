package org.sipdispatch.app;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code run}: carries traffic until the process is told to end. */
@Command(name = "run", description = "Carries traffic until it is told to end.", mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    @Mixin
    private ConfigOptions options;

    @Override
    public Integer call() throws InterruptedException {
        Node node = Node.start(options.read());
        CountDownLatch never = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(node::close, "shutdown"));
        never.await();
        return 0;
    }
}
