package org.sipdispatch.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Sends SIP through a proxy to callees of its own, and prints what that cost in one line of {@code name=value}. One
 * thread, so that it can be kept to one processor, and the proxy to another.
 */
@Command(
        name = "load",
        description = {
            "Sends SIP through a proxy to its own callees: in a closed loop, or at a constant rate.",
            "A message is one that the proxy passes on: a complete call has five. Times are in microseconds, those of a paced"
                    + " run from the moment when an exchange was due."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
public final class Load implements Callable<Integer> {
    private static final double NANOS_PER_MICRO = 1_000;
    private static final int MOST_EXCHANGES = 50_000_000;
    private static final int SECONDS_OF_COUNTED_CALLS = 3;
    private static final int EXCHANGES_OF_COUNTED_CALLS = 20_000;
    private static final int MOST_PORT = 65_535;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--proxy",
            paramLabel = "ADDRESS:PORT",
            required = true,
            description = "the proxy; callees listen on the same address")
    private String proxy;

    @Option(
            names = "--case",
            paramLabel = "CASE",
            defaultValue = "OPTIONS",
            description = "options and its 200; invite with SDP and its 200; call: INVITE, 200, ACK, BYE, 200; default:"
                    + " ${DEFAULT-VALUE}")
    private Scenario scenario;

    @Option(names = "--one-way", description = "callees do not answer; not for call")
    private boolean oneWay;

    @Option(names = "--tcp", description = "TCP in place of UDP, on both sides")
    private boolean tcp;

    @Option(
            names = "--callees",
            paramLabel = "PORT-PORT",
            defaultValue = "7001-7004",
            description = "the callees' ports; default: ${DEFAULT-VALUE}")
    private String callees;

    @Option(
            names = "--callers",
            paramLabel = "N",
            defaultValue = "8",
            description = "the callers' sockets; default: ${DEFAULT-VALUE}")
    private int callers;

    @Option(
            names = "--rate",
            paramLabel = "MESSAGES",
            description = "paced: messages per second; without this option in a closed loop")
    private double rate;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "10",
            description = "paced: for how long; default: ${DEFAULT-VALUE}")
    private int seconds;

    @Option(
            names = "--count",
            paramLabel = "N",
            defaultValue = "100000",
            description = "closed loop: the exchanges; default: ${DEFAULT-VALUE}")
    private int count;

    @Option(
            names = "--window",
            paramLabel = "N",
            defaultValue = "64",
            description = "closed loop: the most exchanges at a time; default: ${DEFAULT-VALUE}")
    private int window;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            defaultValue = "20000",
            description = "exchanges in a closed loop before the measurement; default: ${DEFAULT-VALUE}")
    private int warmUp;

    @Option(
            names = "--timeout",
            paramLabel = "S",
            defaultValue = "2",
            description = "seconds after which an exchange has failed; default: ${DEFAULT-VALUE}")
    private int timeout;

    @Option(
            names = "--repeat",
            description =
                    "callers repeat a request without a response after 0.5 s, 1.5 s, and so on (RFC 3261 17.1); not"
                            + " with --tcp, not for call")
    private boolean repeat;

    @Option(
            names = "--pids",
            paramLabel = "PID",
            split = ",",
            description =
                    "the proxy's processes, separated by commas: prints their processor time and context switches")
    private List<Long> pids = List.of();

    @Option(
            names = "--system-calls",
            description = "also prints their system calls, counted by perf or strace in a run of its own")
    private boolean systemCalls;

    public static void main(String[] arguments) {
        CommandLine command = new CommandLine(new Load());
        command.setCaseInsensitiveEnumValuesAllowed(true);
        command.setExecutionExceptionHandler((e, line, result) -> {
            if (!(e instanceof IOException)) {
                throw e;
            }
            line.getErr().println("load: " + e.getMessage());
            return 1;
        });
        System.exit(command.execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        LoadPlan plan = plan();
        try (Sockets sockets = new Sockets(plan)) {
            Runner runner = new Runner(plan, sockets);
            if (warmUp > 0) {
                runner.closed(warmUp);
            }
            ProcessFigures before = ProcessFigures.of(pids);
            long ownBefore = ownNanos();
            Runner.Run run = run(runner, seconds, count);
            double ownSeconds = (ownNanos() - ownBefore) / 1e9;
            ProcessFigures used = ProcessFigures.of(pids).since(before);
            System.out.println(text(plan, run)
                    + format(
                            " load_cpu=%.2f load_late_us=%.0f",
                            ownSeconds / run.seconds(), run.latestNanos() / NANOS_PER_MICRO)
                    + usage(run, used)
                    + (systemCalls && !pids.isEmpty() ? countedCalls(runner) : ""));
        }
        return 0;
    }

    private LoadPlan plan() {
        check(scenario != Scenario.CALL || !oneWay, "--one-way", "with --case call", "--case options or invite");
        check(callers > 0 && callers <= 1_000, "--callers", callers, "1 to 1000");
        check(window > 0, "--window", window, "1 or more");
        check(timeout > 0, "--timeout", timeout, "1 or more seconds");
        check(count > 0 && count <= MOST_EXCHANGES, "--count", count, "1 to " + MOST_EXCHANGES);
        check(warmUp >= 0 && warmUp <= MOST_EXCHANGES, "--warm-up", warmUp, "0 to " + MOST_EXCHANGES);
        check(!repeat || !tcp && scenario != Scenario.CALL, "--repeat", "with --tcp or call", "UDP, options or invite");
        check(rate >= 0, "--rate", rate, "more than 0 messages per second");
        check(seconds > 0, "--seconds", seconds, "1 or more");
        check(rate * seconds <= MOST_EXCHANGES, "--rate", rate, "fewer messages: " + MOST_EXCHANGES + " at most");
        String[] ends = callees.split("-");
        check(callees.matches("\\d{1,5}(-\\d{1,5})?"), "--callees", callees, "ports, such as 7001-7004");
        int first = Integer.parseInt(ends[0]);
        int last = Integer.parseInt(ends[ends.length - 1]);
        check(first > 0 && first <= last && last <= MOST_PORT, "--callees", callees, "ports, such as 7001-7004");
        return new LoadPlan(
                scenario,
                oneWay,
                tcp,
                address(),
                callers,
                first,
                last,
                window,
                repeat,
                TimeUnit.SECONDS.toNanos(timeout));
    }

    private InetSocketAddress address() {
        check(proxy.matches("\\d+(\\.\\d+){3}:\\d{1,5}"), "--proxy", proxy, "an IPv4 address and a port");
        int colon = proxy.indexOf(':');
        int port = Integer.parseInt(proxy.substring(colon + 1));
        check(port > 0 && port <= MOST_PORT, "--proxy", proxy, "an IPv4 address and a port");
        InetSocketAddress address = new InetSocketAddress(proxy.substring(0, colon), port);
        check(!address.isUnresolved(), "--proxy", proxy, "an IPv4 address and a port");
        return address;
    }

    private void check(boolean valid, String option, Object value, String expected) {
        if (!valid) {
            throw new ParameterException(spec.commandLine(), option + ": " + value + " (expected: " + expected + ")");
        }
    }

    private Runner.Run run(Runner runner, int longest, int most) throws IOException {
        if (rate == 0) {
            return runner.closed(most);
        }
        double exchanges = rate / scenario.messages(oneWay);
        return runner.paced(exchanges, (int) Math.max(1, exchanges * longest));
    }

    private String text(LoadPlan plan, Runner.Run run) {
        Exchanges exchanges = run.exchanges();
        Histogram latencies = exchanges.latencies();
        String loop = rate == 0 ? "closed window=" + window : format("paced rate=%.0f", rate);
        return format("case=%s%s transport=%s loop=%s", scenario, oneWay ? "-one-way" : "", plan.viaTransport(), loop)
                        .toLowerCase(Locale.ROOT)
                + format(
                        " sent=%d repeated=%d completed=%d failed=%d lost=%d refused=%d status=%d seconds=%.2f per_s=%.0f"
                                + " meanwhile_per_s=%.0f messages_per_s=%.0f",
                        exchanges.started(),
                        run.repeated(),
                        exchanges.completed(),
                        exchanges.lost() + exchanges.refused(),
                        exchanges.lost(),
                        exchanges.refused(),
                        exchanges.refusal(),
                        run.seconds(),
                        exchanges.completed() / run.seconds(),
                        exchanges.completedMeanwhile() / run.startSeconds(),
                        exchanges.messages() / run.seconds())
                + format(
                        " p50_us=%.0f p99_us=%.0f p999_us=%.0f max_us=%.0f",
                        latencies.getValueAtPercentile(50) / NANOS_PER_MICRO,
                        latencies.getValueAtPercentile(99) / NANOS_PER_MICRO,
                        latencies.getValueAtPercentile(99.9) / NANOS_PER_MICRO,
                        latencies.getMaxValue() / NANOS_PER_MICRO);
    }

    private String usage(Runner.Run run, ProcessFigures used) {
        long messages = run.exchanges().messages();
        return pids.isEmpty() || messages == 0
                ? ""
                : format(
                        " cpu_us=%.2f switches=%.3f cpu=%.2f",
                        used.cpuSeconds() * 1e6 / messages,
                        used.switches() / (double) messages,
                        used.cpuSeconds() / run.seconds());
    }

    /** Counts in a run of its own, because counting costs time. */
    private String countedCalls(Runner runner) throws IOException, InterruptedException {
        SystemCalls counter = SystemCalls.of(pids);
        if (counter == null) {
            return " syscalls=unknown";
        }
        try (counter) {
            Runner.Run run = run(
                    runner, Math.min(seconds, SECONDS_OF_COUNTED_CALLS), Math.min(count, EXCHANGES_OF_COUNTED_CALLS));
            long calls = counter.stop();
            long messages = run.exchanges().messages();
            return calls < 0 || messages == 0
                    ? " syscalls=unknown"
                    : format(" syscalls=%.2f counted_by=%s", calls / (double) messages, counter.tool());
        }
    }

    /** The processor time of this process. */
    private static long ownNanos() {
        return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                .getProcessCpuTime();
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
