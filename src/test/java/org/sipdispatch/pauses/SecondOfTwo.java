package org.sipdispatch.pauses;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sipdispatch.pauses.ReachableClaims.Line;

/**
 * The rule for a node that continues alone: only two nodes have a vote, the other one of them is silent or has ended its
 * membership, and the database has the row in which this node was the first of the two to
 * ask. Of three nodes, the third has lost its vote
 * before: one of the two has removed it or has formed the cluster without it, or its own membership has ended.
 */
public final class SecondOfTwo {
    private static final String CLAIM = "1 of 2 nodes are reachable: this side continues";
    private static final String FORMED = "forming the cluster";
    private static final String ENDED = "this node's membership of the cluster has ended";
    /** A node logs this when it receives the definitions of the cluster that it has joined. */
    private static final String IS_MEMBER = "definitions of revision";

    private static final Pattern DOWNED = Pattern.compile("is downing \\[([^]]*)](?! including myself)");
    private static final Pattern HOST = Pattern.compile("127\\.0\\.0\\.(\\d+):");
    private static final Pattern MEMBER = Pattern.compile("Member\\(akka://[^@]*@127\\.0\\.0\\.(\\d+):\\d+, (\\w+)\\)");
    private static final Set<String> VOTERS = Set.of("Up", "Leaving", "Down");
    /** Akka logs its members right after the claim. */
    private static final long LOGGED_NS = 1_000_000_000L;
    /** How long a node asks the database, and the deviation between two clocks. */
    private static final long ASKED_NS = 5_000_000_000L;

    private static final long CLOCKS_NS = 100_000_000L;

    /** A node is silent for longer than this before another one can continue. */
    private static final long SILENT_NS = 1_500_000_000L;
    /** A node that has resumed during the decision. */
    private static final long NOTICED_NS = 3_000_000_000L;

    /**
     * A decision of the database between two halves.
     *
     * @param epoch the names of all nodes with a vote
     * @param winner the names of those that asked first
     */
    public record Tie(String epoch, String winner, long atNs) {}

    private final List<Line> lines;
    private final Collection<Tie> ties;
    private final Collection<Pause> pauses;
    private final List<String> violations = new ArrayList<>();

    private SecondOfTwo(Collection<Line> lines, Collection<Tie> ties, Collection<Pause> pauses) {
        this.lines = List.copyOf(lines);
        this.ties = ties;
        this.pauses = pauses;
    }

    /** Whether the line is needed for the check. */
    public static boolean isEvidence(String text) {
        return Stream.of(CLAIM, FORMED, ENDED, IS_MEMBER, "is downing [").anyMatch(text::contains);
    }

    /**
     * Lines of nodes that continued as one of two although they must not, each with the reason.
     *
     * @param lines the evidence since a time at which all nodes had a vote
     */
    public static List<String> violations(
            Collection<Line> lines, Collection<Tie> ties, int nodes, Collection<Pause> pauses) {
        SecondOfTwo rule = new SecondOfTwo(lines, ties, pauses);
        lines.stream().filter(line -> line.text().contains(CLAIM)).forEach(claim -> rule.check(claim, nodes));
        return rule.violations;
    }

    private void check(Line claim, int nodes) {
        Tie tie = ties.stream()
                .filter(one -> hosts(one.winner()).equals(Set.of(claim.node())))
                .filter(one -> one.atNs() > claim.atNs() - ASKED_NS && one.atNs() < claim.atNs() + CLOCKS_NS)
                .max(Comparator.comparingLong(Tie::atNs))
                .orElse(null);
        if (tie == null) {
            violate(claim, "and the database has no row in which it was the first to ask");
            return;
        }
        Set<Integer> pair = hosts(tie.epoch());
        Set<Integer> silent = new HashSet<>(pair);
        silent.remove(claim.node());
        if (pair.size() != 2 || silent.size() != 1) {
            violate(claim, "and the database has decided about " + tie.epoch());
            return;
        }
        if (!voters(claim).equals(pair)) {
            violate(claim, "and " + voters(claim).size() + " nodes have a vote");
        }
        if (silent.stream().noneMatch(node -> isSilent(node, claim.atNs()) || hasLeft(node, claim.atNs()))) {
            violate(claim, "and the other one was not silent");
        }
        if (nodes > 2 && !hasLostItsVote(pair, claim.atNs())) {
            violate(claim, "and no decision has removed the third node before");
        }
    }

    private void violate(Line claim, String why) {
        violations.add("node %d continues as one of two %s: %s".formatted(claim.node() + 1, why, claim.text()));
    }

    private static Set<Integer> hosts(String names) {
        Set<Integer> nodes = new HashSet<>();
        Matcher host = HOST.matcher(names);
        while (host.find()) {
            nodes.add(Integer.parseInt(host.group(1)) - 1);
        }
        return nodes;
    }

    /** The nodes with a vote according to the line that Akka logs when it downs the others. */
    private Set<Integer> voters(Line claim) {
        return lines.stream()
                .filter(line -> line.node() == claim.node() && line.text().contains("is downing ["))
                .filter(line -> line.atNs() >= claim.atNs() && line.atNs() - claim.atNs() < LOGGED_NS)
                .findFirst()
                .map(line -> MEMBER.matcher(line.text())
                        .results()
                        .filter(member -> VOTERS.contains(member.group(2)))
                        .map(member -> Integer.parseInt(member.group(1)) - 1)
                        .collect(Collectors.toSet()))
                .orElse(Set.of());
    }

    private boolean isSilent(int node, long atNs) {
        return pauses.stream()
                .anyMatch(pause ->
                        pause.node() == node && pause.fromNs() < atNs - SILENT_NS && pause.toNs() > atNs - NOTICED_NS);
    }

    /** The node has ended its membership and has not been a member again since. */
    private boolean hasLeft(int node, long atNs) {
        return lines.stream()
                .filter(line -> line.node() == node && line.atNs() < atNs)
                .filter(line -> line.text().contains(ENDED) || line.text().contains(IS_MEMBER))
                .max(Comparator.comparingLong(Line::atNs))
                .map(line -> line.text().contains(ENDED))
                .orElse(false);
    }

    private boolean hasLostItsVote(Set<Integer> pair, long atNs) {
        return lines.stream()
                .filter(line -> line.atNs() < atNs)
                .anyMatch(line -> pair.contains(line.node())
                        ? line.text().contains(FORMED) || !pair.containsAll(downed(line))
                        : line.text().contains(ENDED));
    }

    private static Set<Integer> downed(Line line) {
        Matcher downed = DOWNED.matcher(line.text());
        return downed.find() ? hosts(downed.group(1)) : Set.of();
    }
}
