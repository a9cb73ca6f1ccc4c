package org.sipdispatch.app;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.sipdispatch.demo.Demo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "demo",
        description = "Starts a node, two user agents at the destinations of the sample configuration, and a caller;"
                + " shows where each call went.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    @Mixin
    private ConfigOptions options;

    @Option(
            names = {"-n", "--calls"},
            paramLabel = "N",
            defaultValue = "20",
            description = "number of calls; default: ${DEFAULT-VALUE}")
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
