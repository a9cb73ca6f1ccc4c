package org.sipdispatch.app;

import com.typesafe.config.Config;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import org.sipdispatch.demo.Demo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "demo",
        description = "Starts a node, user agents at its destinations, which must be on this host, and a caller;"
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
        Config config = options.read();
        InetSocketAddress proxy =
                DemoAddresses.ofNode(NodeSettings.from(config).sockets().all());
        Node node = Node.start(config);
        try (Demo demo = Demo.start(proxy, DemoAddresses.ofGateways(node.destinations()))) {
            return demo.placeCalls(calls, System.out) ? 0 : 1;
        } finally {
            node.close();
        }
    }
}
