package org.sipdispatch.replication;

import java.util.List;
import java.util.Map;
import org.sipdispatch.destination.Status;
import org.sipdispatch.destination.StatusVersion;

/** A destination's id and status as one line of text with tab-separated fields. */
final class StatusFormat {
    private static final int FIELDS = 11;
    /** Another field if it has targets, which earlier releases cannot read. */
    private static final int FIELDS_WITH_TARGETS = 12;

    private StatusFormat() {}

    static String of(String id, Status status) {
        StatusVersion version = status.version();
        String line = String.join(
                "\t",
                escaped(id),
                version.term() + "." + version.change() + "." + version.node(),
                flag(status.held(), "held"),
                flag(status.probing(), "probing"),
                flag(status.busy(), "busy"),
                flag(status.removed(), "removed"),
                String.valueOf(status.failures()),
                String.valueOf(status.successes()),
                String.valueOf(status.sinceMs()),
                escaped(status.who()),
                escaped(status.why()));
        return status.targets().isEmpty()
                ? line
                : line + "\t" + escaped(status.targets().text());
    }

    /**
     * Reads a line.
     *
     * @throws IllegalArgumentException if the line is malformed
     */
    static Map.Entry<String, Status> parse(String line) {
        String[] fields = line.split("\t", -1);
        if (fields.length != FIELDS && fields.length != FIELDS_WITH_TARGETS) {
            throw new IllegalArgumentException(fields.length + " fields");
        }
        String[] version = fields[1].split("\\.", -1);
        if (version.length != 3) {
            throw new IllegalArgumentException("version " + fields[1]);
        }
        Status status = new Status(
                new StatusVersion(Long.parseLong(version[0]), Long.parseLong(version[1]), Long.parseLong(version[2])),
                flagged(fields[2], "held"),
                flagged(fields[3], "probing"),
                flagged(fields[4], "busy"),
                Integer.parseInt(fields[6]),
                Integer.parseInt(fields[7]),
                flagged(fields[5], "removed"),
                Long.parseLong(fields[8]),
                plain(fields[9]),
                plain(fields[10]),
                fields.length == FIELDS ? List.of() : List.of(plain(fields[FIELDS])));
        return Map.entry(plain(fields[0]), status);
    }

    private static String flag(boolean set, String name) {
        return set ? name : "-";
    }

    private static boolean flagged(String field, String name) {
        if (!field.equals(name) && !field.equals("-")) {
            throw new IllegalArgumentException(name + " " + field);
        }
        return field.equals(name);
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\")
                .replace("\t", "\\t")
                .replace("\n", "\\n")
                .replace("\r", "\\r");
    }

    private static String plain(String text) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char next = text.charAt(i);
            if (next == '\\' && i + 1 < text.length()) {
                i++;
                next = switch (text.charAt(i)) {
                    case 't' -> '\t';
                    case 'n' -> '\n';
                    case 'r' -> '\r';
                    default -> text.charAt(i);
                };
            }
            plain.append(next);
        }
        return plain.toString();
    }
}
