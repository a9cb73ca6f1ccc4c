package org.sipdispatch.migrate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The lines of a converted list. Kamailio sorts the rows of a set by priority, and puts rows of the same priority into
 * the reverse of their order in the file: its algorithm 8 begins with the last one. Here they keep their order, so they
 * are written in reverse, each with the comments above it. All other lines stay where they are.
 */
final class KamailioOrder {
    private record Group(int set, int priority) {}

    private static final class Part {
        private final StringBuilder list = new StringBuilder();
        private final StringBuilder sql = new StringBuilder();
        /** Null for lines that stay. */
        private Group group;
    }

    private final List<Part> parts = new ArrayList<>();
    private Part open = new Part();
    private boolean hasRow;

    /** Adds to the lines that belong together. */
    void add(String list, String sql) {
        open.list.append(list);
        open.sql.append(sql);
    }

    /** The lines since the last row stay where they are. */
    void stay() {
        parts.add(open);
        open = new Part();
    }

    /** A row follows. The comments above it go with it, except those at the top of the file. */
    void begin() {
        if (!hasRow) {
            stay();
        }
        hasRow = true;
    }

    /** The line that was added last is a row. */
    void end(int set, int priority) {
        open.group = new Group(set, priority);
        stay();
    }

    private List<Part> ordered() {
        Map<Group, List<Part>> groups = new HashMap<>();
        for (Part part : parts) {
            if (part.group != null) {
                groups.computeIfAbsent(part.group, unused -> new ArrayList<>()).add(part);
            }
        }
        List<Part> ordered = new ArrayList<>();
        for (Part part : parts) {
            List<Part> group = part.group == null ? null : groups.get(part.group);
            ordered.add(group == null ? part : group.remove(group.size() - 1));
        }
        ordered.add(open);
        return ordered;
    }

    String list() {
        StringBuilder text = new StringBuilder();
        ordered().forEach(part -> text.append(part.list));
        return text.toString();
    }

    String sql() {
        StringBuilder text = new StringBuilder();
        ordered().forEach(part -> text.append(part.sql));
        return text.toString();
    }
}
