package org.sipdispatch.replication;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.sipdispatch.destination.WireMessage;

/**
 * A figure that was pushed, as the nodes replicate it.
 *
 * @param values one text for each destination: the value, a space and the URI in lower case
 * @param lifetimeMs how long a node uses it after it has received it
 * @param pushedAtMs when it was pushed, in milliseconds since 1970 of the node that received the push; distinguishes equal
 *     pushes and is shown to operators
 * @param who the client that pushed it
 */
public record PushedFigure(List<String> values, long lifetimeMs, long pushedAtMs, String who) implements WireMessage {
    /** URIs are compared case-insensitively, as in OpenSIPS. */
    public static PushedFigure of(Map<String, Long> byUri, long lifetimeMs, long pushedAtMs, String who) {
        List<String> values = byUri.entrySet().stream()
                .map(one -> one.getValue() + " " + one.getKey().toLowerCase(Locale.ROOT))
                .sorted(Comparator.comparing((String line) -> line.substring(line.indexOf(' '))))
                .toList();
        return new PushedFigure(values, lifetimeMs, pushedAtMs, who);
    }

    /** The values by URI in lower case. */
    public Map<String, Long> byUri() {
        Map<String, Long> byUri = new HashMap<>();
        for (String line : values) {
            int space = line.indexOf(' ');
            byUri.put(line.substring(space + 1), Long.parseLong(line.substring(0, space)));
        }
        return byUri;
    }

    /** About how many bytes the replicator sends for it. */
    int bytes() {
        return values.stream().mapToInt(line -> line.length() + 2).sum();
    }
}
