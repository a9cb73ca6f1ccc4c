package org.sipdispatch.catalog;

import java.util.ArrayList;
import java.util.List;
import org.sipdispatch.settings.UserInfo;

/** Collects the errors of rows, one line each: {@code place: column: value (expected: ...)}. */
final class Warnings {
    private static final int LONGEST_VALUE = 200;

    private final List<String> lines = new ArrayList<>();
    private final List<String> skipped = new ArrayList<>();

    void add(SourceRow row, String column, String value, String expected) {
        add(row.place(), column, value, expected);
    }

    void add(String place, String column, String value, String expected) {
        lines.add(
                (place.isEmpty() ? "" : place + ": ") + column + ": " + shown(value) + " (expected: " + expected + ")");
    }

    /** Adds the reason why a row is skipped. */
    void skip(String place, String column, String value, String expected) {
        add(place, column, value, expected);
        skipped.add(lines.get(lines.size() - 1));
    }

    List<String> skipped() {
        return List.copyOf(skipped);
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    private static String shown(String value) {
        if (value == null || value.isEmpty()) {
            return "nothing";
        }
        String oneLine = UserInfo.withoutPassword(value).replaceAll("\\p{Cntrl}+", " ");
        return oneLine.length() <= LONGEST_VALUE ? oneLine : oneLine.substring(0, LONGEST_VALUE) + "...";
    }
}
