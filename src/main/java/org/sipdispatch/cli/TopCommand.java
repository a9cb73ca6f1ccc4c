package org.sipdispatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.sipdispatch.settings.SettingException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "top",
        description =
                "Shows the live traffic of sets and destinations on the queried node: state, calls, replies, latency,"
                        + " failures. Ends with q or ctrl-c; in a pipe it prints one table.",
        footer = {"  sip-dispatcher top", "  sip-dispatcher top --interval 5", "  sip-dispatcher top | head"})
final class TopCommand extends NodeCommand {
    private static final String ENTER = "\u001b[?1049h\u001b[?25l";
    private static final String LEAVE = "\u001b[?25h\u001b[?1049l";
    private static final long KEY_MS = 100;

    @Option(
            names = "--interval",
            paramLabel = "SECONDS",
            defaultValue = "2",
            description = "update interval; default: ${DEFAULT-VALUE}")
    private double interval;

    private Map<String, TrafficSample> before;
    private long beforeMs;

    @Override
    int run(NodeClient node) {
        if (!(interval >= 0.1 && interval <= 3600)) {
            throw new SettingException("--interval", interval, "seconds from 0.1 to 3600");
        }
        if (options.json()) {
            return show(node.get(NodeClient.path("traffic")), answer -> {});
        }
        return Terminal.isPresent() ? live(node) : once(node);
    }

    private int once(NodeClient node) {
        sample(node, false);
        sleep((long) (interval * 1000));
        sample(node, false).forEach(out()::println);
        return 0;
    }

    /** Queries the node and returns the table; rates are those since the last call. */
    private List<String> sample(NodeClient node, boolean coloured) {
        JsonNode rows = DestinationLookup.listAll(node, Map.of());
        JsonNode traffic = node.get(NodeClient.path("traffic")).json();
        long atMs = traffic.path("atMs").asLong(nowMs());
        List<String> lines = new TopView(coloured).lines(rows, before, traffic, (atMs - beforeMs) / 1000.0, nowMs());
        before = TopView.samples(traffic);
        beforeMs = atMs;
        return lines;
    }

    private int live(NodeClient node) {
        // Before the screen is switched: errors of the first query are printed as by any other command.
        sample(node, false);
        String terminal = Terminal.readSingleKeys();
        Thread restore = new Thread(() -> restoreScreen(terminal), "top-restore");
        Runtime.getRuntime().addShutdownHook(restore);
        out().print(ENTER);
        try {
            do {
                out().print(screen(node));
            } while (!isOutputClosed() && !isQuitWithin((long) (interval * 1000)));
        } finally {
            Runtime.getRuntime().removeShutdownHook(restore);
            restoreScreen(terminal);
        }
        return 0;
    }

    private void restoreScreen(String terminal) {
        out().print(LEAVE);
        out().flush();
        Terminal.restore(terminal);
    }

    /** One screen; an error instead of the table while the node cannot be reached. */
    private String screen(NodeClient node) {
        String head = "sip-dispatcher top  " + node.addresses().get(0).base() + "  " + TerminalFormat.time(nowMs())
                + "  every " + interval + " s, q to quit";
        List<String> lines;
        try {
            lines = sample(node, Terminal.supportsColour());
        } catch (CommandException e) {
            lines = List.of(TerminalFormat.withoutControls(e.getMessage()));
        }
        int[] size = Terminal.size();
        return "\u001b[H"
                + java.util.stream.Stream.concat(java.util.stream.Stream.of(head, ""), lines.stream())
                        .limit(Math.max(3, size[0] - 1))
                        .map(line -> cut(line, size[1]) + "\u001b[0m\u001b[K\r\n")
                        .collect(Collectors.joining())
                + "\u001b[J";
    }

    /** Cuts a line to this many columns; colour sequences take no column. */
    static String cut(String line, int columns) {
        StringBuilder cut = new StringBuilder();
        int shown = 0;
        for (int i = 0; i < line.length() && shown < columns; i++) {
            if (line.charAt(i) == '\u001b') {
                int end = line.indexOf('m', i);
                cut.append(line, i, end + 1);
                i = end;
            } else {
                cut.append(line.charAt(i));
                shown++;
            }
        }
        return cut.toString();
    }

    private static boolean isQuitWithin(long ms) {
        long untilNanos = System.nanoTime() + ms * 1_000_000;
        try {
            while (System.nanoTime() < untilNanos) {
                while (System.in.available() > 0) {
                    int key = System.in.read();
                    if (key == 'q' || key == 'Q' || key == 3 || key < 0) {
                        return true;
                    }
                }
                sleep(Math.min(KEY_MS, ms));
            }
        } catch (IOException e) {
            return true;
        }
        return false;
    }

    private static void sleep(long ms) {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException(CommandException.UNREACHABLE, "interrupted");
        }
    }
}
