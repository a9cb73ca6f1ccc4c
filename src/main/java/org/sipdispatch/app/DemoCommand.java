package org.sipdispatch.app;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.sipdispatch.demo.Demo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code demo}: a node with the sample configuration, user agents that answer, and a caller. */
@Command(
        name = "demo",
        description = "Starts a node, two user agents that answer at the sample's destinations, and a caller;"
                + " shows where each call went.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    @Mixin
    private ConfigOptions options;

    @Option(
            names = {"-n", "--calls"},
            paramLabel = "N",
            defaultValue = "20",
            description = "how many calls to place; ${DEFAULT-VALUE} where it is not given")
    private int calls;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Node node = Node.start(options.read());
        try (Demo demo = Demo.start()) {
            return demo.placeCalls(calls, System.out) ? 0 : 1;
        } finally {
            node.close();
        }
    }
}
