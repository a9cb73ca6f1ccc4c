package org.sipdispatch.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A table with columns as wide as necessary, numbers aligned to the right. */
final class Table {
    private static final String GAP = "  ";
    private static final Map<String, String> COLOURS =
            Map.of("Active", "32", "Up", "32", "Probing", "33", "Inactive", "31", "Down", "31");

    private final List<String> headers;
    private final boolean[] rightAligned;
    private final boolean coloured;
    private final List<List<String>> rows = new ArrayList<>();

    /** A head that starts with {@code >} aligns its column to the right. */
    Table(boolean coloured, String... heads) {
        this.coloured = coloured;
        this.headers = Arrays.stream(heads)
                .map(head -> head.startsWith(">") ? head.substring(1) : head)
                .toList();
        this.rightAligned = new boolean[heads.length];
        for (int i = 0; i < heads.length; i++) {
            rightAligned[i] = heads[i].startsWith(">");
        }
    }

    void row(Object... cells) {
        rows.add(Arrays.stream(cells)
                .map(cell -> TerminalFormat.withoutControls(String.valueOf(cell)))
                .toList());
    }

    List<String> lines() {
        int[] widths = new int[rightAligned.length];
        for (int i = 0; i < widths.length; i++) {
            int column = i;
            widths[i] = Math.max(
                    headers.get(i).length(),
                    rows.stream()
                            .mapToInt(row -> row.get(column).length())
                            .max()
                            .orElse(0));
        }
        List<String> lines = new ArrayList<>();
        lines.add(line(headers, widths, false));
        rows.forEach(row -> lines.add(line(row, widths, coloured)));
        return lines;
    }

    private String line(List<String> cells, int[] widths, boolean inColour) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = cells.get(i);
            String blanks = " ".repeat(widths[i] - cell.length());
            String colour = inColour ? COLOURS.get(cell) : null;
            String shown = colour == null ? cell : "\u001b[" + colour + "m" + cell + "\u001b[0m";
            line.append(i == 0 ? "" : GAP).append(rightAligned[i] ? blanks + shown : shown + blanks);
        }
        return line.toString().stripTrailing();
    }

    void printTo(PrintWriter out) {
        lines().forEach(out::println);
    }
}
