package org.sipdispatch.bench;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures how long a node takes from its start to the first call, and a cluster until all its nodes are Up. */
@Command(
        name = "start",
        description = {
            "Starts programs in turn, and prints medians of the times from the start to the first call, and to a cluster"
                    + " whose nodes all see each other as Up.",
            "The nodes have no data of an earlier start. The first program is the one that the others are compared with."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
public final class Start implements Callable<Integer> {
    private static final int MOST_NODES = 9;

    /**
     * What one start cost.
     *
     * @param seconds from the start of the script; of the first node in a cluster
     * @param cpuSeconds user and system time until then, of all nodes
     */
    private record Cost(double seconds, double cpuSeconds) {}

    /** One start of a program. */
    private interface Measurement {
        Cost of(Path program, Path directory) throws IOException, InterruptedException;
    }

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--program",
            paramLabel = "DIRECTORY",
            required = true,
            description = "a directory with a program, such as target/sip-dispatcher; may be repeated")
    private List<Path> programs;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "5",
            description = "starts of each program; default: ${DEFAULT-VALUE}")
    private int rounds;

    @Option(
            names = "--nodes",
            paramLabel = "N",
            defaultValue = "3",
            description = "nodes of the cluster; 0 for no cluster; default: ${DEFAULT-VALUE}")
    private int nodes;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Start()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        check(rounds > 0, "--rounds", rounds, "1 or more");
        check(nodes >= 0 && nodes <= MOST_NODES, "--nodes", nodes, "0 to " + MOST_NODES);
        for (Path program : programs) {
            check(
                    Files.isExecutable(program.resolve("bin/sip-dispatcher")),
                    "--program",
                    program,
                    "a directory with bin/sip-dispatcher");
        }
        measure("first call", Start::firstCall);
        if (nodes > 0) {
            measure("cluster of " + nodes + " Up", this::clusterUp);
        }
        return 0;
    }

    private void check(boolean valid, String option, Object value, String expected) {
        if (!valid) {
            throw new ParameterException(spec.commandLine(), option + ": " + value + " (expected: " + expected + ")");
        }
    }

    private void measure(String what, Measurement measurement) throws IOException, InterruptedException {
        Map<Path, List<Cost>> costs = new LinkedHashMap<>();
        programs.forEach(program -> costs.put(program, new ArrayList<>()));
        List<Path> order = new ArrayList<>(costs.keySet());
        for (int round = 1; round <= rounds; round++) {
            for (Path program : order) {
                Path directory = Files.createTempDirectory("start");
                try {
                    Cost cost = measurement.of(program.toAbsolutePath(), directory);
                    costs.get(program).add(cost);
                    System.out.println(format(
                            "%s, round %d, %s: %.2f s, processor time %.2f s",
                            what, round, program, cost.seconds(), cost.cpuSeconds()));
                } finally {
                    delete(directory);
                }
            }
            Collections.reverse(order);
        }
        print(what, costs);
    }

    private static Cost firstCall(Path program, Path directory) throws IOException {
        InetSocketAddress proxy = new InetSocketAddress(InetAddress.getLoopbackAddress(), freeUdpPort());
        try (FirstCall call = new FirstCall()) {
            Path list = list(directory, call.calleePort());
            try (StartedNode node =
                    StartedNode.begin(program, directory.resolve("node"), """
                    management.port = 0
                    sockets.main = "udp:127.0.0.1:%d"
                    partitions.default.db_url = "file:%s"
                    rules = [ { select { set = 1, alg = 4 } } ]
                    """.formatted(proxy.getPort(), list))) {
                call.await(proxy, node);
                return new Cost(node.seconds(), node.cpuSeconds());
            }
        }
    }

    private Cost clusterUp(Path program, Path directory) throws IOException, InterruptedException {
        try (ClusterStart cluster = new ClusterStart(program, directory, list(directory, freeUdpPort()), nodes)) {
            cluster.awaitUp();
            return new Cost(cluster.seconds(), cluster.cpuSeconds());
        }
    }

    private static Path list(Path directory, int port) throws IOException {
        return Files.writeString(directory.resolve("dispatcher.list"), "1 sip:127.0.0.1:" + port + "\n");
    }

    private static int freeUdpPort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static void print(String what, Map<Path, List<Cost>> costs) {
        System.out.println("\n" + what + ": medians, ranges, and ratios to the first program\n");
        System.out.println("| program | seconds | ratio | processor time, s | ratio |\n|---|---|---|---|---|");
        List<Cost> first = costs.values().iterator().next();
        costs.forEach((program, own) -> System.out.println("| " + program + " | " + text(own, first, Cost::seconds)
                + " | " + text(own, first, Cost::cpuSeconds) + " |"));
        System.out.println();
    }

    private static String text(List<Cost> costs, List<Cost> first, ToDoubleFunction<Cost> figure) {
        double[] sorted = sorted(costs, figure);
        double median = sorted[sorted.length / 2];
        double[] base = sorted(first, figure);
        return format(
                "%.2f (%.2f to %.2f) | %.2f",
                median, sorted[0], sorted[sorted.length - 1], median / base[base.length / 2]);
    }

    private static double[] sorted(List<Cost> costs, ToDoubleFunction<Cost> figure) {
        return costs.stream().mapToDouble(figure).sorted().toArray();
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
