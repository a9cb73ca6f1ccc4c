package org.sipdispatch.pauses;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Compares what nodes logged about the number of reachable nodes with the number that ran. */
public final class ReachableClaims {
    /** Nodes notice a silent node within this time. */
    private static final long NOTICED_NS = 3_000_000_000L;

    private static final Pattern GOES_ON = Pattern.compile("(\\d+) of (\\d+) nodes are reachable: this side continues");

    private static final Pattern DOWNS =
            Pattern.compile("is downing \\[([^]]*)](?! including myself).*unreachable of \\[(\\d+)] members");

    /** A log line of a node. */
    public record Line(int node, long atNs, String text) {}

    private ReachableClaims() {}

    /** Whether the line reports the number of reachable nodes, or the nodes that are downed. */
    public static boolean isClaim(String text) {
        return text.contains("nodes are reachable: this side") || text.contains("is downing [");
    }

    /**
     * Lines of nodes that continue alone out of three or more, that count more nodes than ran recently, or that down
     * half of the nodes or more.
     */
    public static List<String> violations(Collection<Line> lines, int nodes, Collection<Pause> pauses) {
        List<String> violations = new ArrayList<>();
        for (Line line : lines) {
            Matcher downs = DOWNS.matcher(line.text());
            if (downs.find()) {
                int out = downs.group(1).split(",").length;
                int all = Integer.parseInt(downs.group(2));
                if (all > 2 && 2 * out >= all) {
                    violations.add("node %d takes %d of %d out".formatted(line.node() + 1, out, all));
                }
            }
            Matcher claim = GOES_ON.matcher(line.text());
            if (claim.find()) {
                int thisSide = Integer.parseInt(claim.group(1));
                int all = Integer.parseInt(claim.group(2));
                int running = mostRunning(line.atNs() - NOTICED_NS, line.atNs(), nodes, pauses);
                if (thisSide > running || all > 2 && 2 * thisSide <= all) {
                    violations.add("node %d claims %s while %d ran".formatted(line.node() + 1, claim.group(), running));
                }
            }
        }
        return violations;
    }

    /** How many nodes continued as one of two. The database decides which of two may. */
    public static long onesOfTwo(Collection<Line> lines) {
        return lines.stream()
                .filter(line -> line.text().contains("1 of 2 nodes are reachable: this side continues"))
                .count();
    }

    private static int mostRunning(long fromNs, long toNs, int nodes, Collection<Pause> pauses) {
        int most = running(toNs, nodes, pauses);
        most = Math.max(most, running(fromNs, nodes, pauses));
        for (Pause pause : pauses) {
            for (long edge : new long[] {pause.fromNs() - 1, pause.toNs()}) {
                if (edge >= fromNs && edge <= toNs) {
                    most = Math.max(most, running(edge, nodes, pauses));
                }
            }
        }
        return most;
    }

    private static int running(long atNs, int nodes, Collection<Pause> pauses) {
        int running = 0;
        for (int node = 0; node < nodes; node++) {
            int one = node;
            running += pauses.stream().anyMatch(pause -> pause.covers(one, atNs)) ? 0 : 1;
        }
        return running;
    }
}
