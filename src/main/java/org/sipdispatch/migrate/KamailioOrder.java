package org.sipdispatch.migrate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The lines of a converted list. Kamailio sorts the rows of a set by priority, and puts rows of the same priority into
 * the reverse of their order in the file: its algorithm 8 begins with the last one. Here they keep their order, so they
 * are written in reverse. Comments stay above the rows that follow them, up to the next comment or empty line. All other
 * lines stay where they are.
 */
final class KamailioOrder {
    private record Group(int set, int priority) {}

    /** Comments, and the rows below them. */
    private static final class Block {
        private final Part heading;

        Block(Part heading) {
            this.heading = heading;
        }
    }

    private static final class Part {
        private final StringBuilder list = new StringBuilder();
        private final StringBuilder sql = new StringBuilder();
        /** Null for lines that stay. */
        private Group group;
        /** Null for lines that are no row. */
        private Block block;

        boolean isEmpty() {
            return list.length() == 0 && sql.length() == 0;
        }
    }

    private final List<Part> parts = new ArrayList<>();
    private Part open = new Part();
    private boolean isInRow;
    /** Whether a row was added last. */
    private boolean isAfterRow;

    private Block block;

    /** Adds to the lines that belong together. */
    void add(String list, String sql) {
        open.list.append(list);
        open.sql.append(sql);
    }

    /** The lines since the last row stay where they are. */
    void stay() {
        open.block = isInRow ? block : null;
        parts.add(open);
        open = new Part();
        isAfterRow = isInRow;
        isInRow = false;
    }

    /** A row follows. The comments at the top of the file, up to the first empty line, stay there. */
    void begin() {
        if (parts.isEmpty()) {
            stay();
        }
        if (!isAfterRow || !open.isEmpty()) {
            block = new Block(open);
            open = new Part();
        }
        isInRow = true;
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
        Set<Block> written = new HashSet<>();
        for (Part part : parts) {
            List<Part> group = part.group == null ? null : groups.get(part.group);
            Part next = group == null ? part : group.remove(group.size() - 1);
            if (next.block != null && written.add(next.block)) {
                ordered.add(next.block.heading);
            }
            ordered.add(next);
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
