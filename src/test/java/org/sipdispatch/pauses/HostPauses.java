package org.sipdispatch.pauses;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Pauses that a node has noticed and logged, and that no signal caused: the host gave its process no processor time. They
 * have the same effects as the others. A run on a quiet host has none.
 */
public final class HostPauses {
    private static final Pattern NOTICED = Pattern.compile("this process was paused for (\\d+) ms");
    private static final long NANOS_PER_MS = 1_000_000;

    private HostPauses() {}

    /** Whether the line reports a pause. */
    public static boolean isEvidence(String text) {
        return NOTICED.matcher(text).find();
    }

    /** The reported pauses that do not overlap one of these. */
    public static List<Pause> of(Collection<ReachableClaims.Line> lines, Collection<Pause> signals) {
        List<Pause> found = new ArrayList<>();
        for (ReachableClaims.Line line : lines) {
            Matcher noticed = NOTICED.matcher(line.text());
            if (noticed.find()) {
                long fromNs = line.atNs() - Long.parseLong(noticed.group(1)) * NANOS_PER_MS;
                if (signals.stream().noneMatch(pause -> pause.meets(line.node(), fromNs, line.atNs()))) {
                    found.add(new Pause(line.node(), fromNs, line.atNs()));
                }
            }
        }
        return found;
    }
}
