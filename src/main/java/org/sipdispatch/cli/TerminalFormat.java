package org.sipdispatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.sipdispatch.settings.SettingException;

/** Formats values for the terminal. */
final class TerminalFormat {
    private TerminalFormat() {}

    /** Created when a time is printed: the rules of time zones take long to load. */
    private static final class Times {
        static final DateTimeFormatter FORMATTER =
                DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(ZoneId.systemDefault());
    }

    /** Two units at most: 12s, 3m12s, 5h03m, 4d07h. */
    static String age(long nowMs, long thenMs) {
        if (thenMs <= 0) {
            return "-";
        }
        long seconds = Math.max(0, nowMs - thenMs) / 1000;
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3600) {
            return twoUnits(seconds / 60, "m", seconds % 60, "s");
        }
        return seconds < 86400
                ? twoUnits(seconds / 3600, "h", seconds / 60 % 60, "m")
                : twoUnits(seconds / 86400, "d", seconds / 3600 % 24, "h");
    }

    private static String twoUnits(long large, String largeUnit, long small, String smallUnit) {
        return large + largeUnit + (small < 10 ? "0" : "") + small + smallUnit;
    }

    static String time(long ms) {
        return ms <= 0 ? "-" : Times.FORMATTER.format(Instant.ofEpochMilli(ms));
    }

    /** Parses 90s, 15m, 2h or 3d ago, or an ISO time; returns milliseconds since 1970. */
    static long parseTime(String option, String text, long nowMs) {
        String plain = text.strip().toLowerCase(Locale.ROOT);
        if (plain.matches("\\d{1,9}[smhd]")) {
            long number = Long.parseLong(plain.substring(0, plain.length() - 1));
            return nowMs
                    - switch (plain.charAt(plain.length() - 1)) {
                        case 's' -> Duration.ofSeconds(number).toMillis();
                        case 'm' -> Duration.ofMinutes(number).toMillis();
                        case 'h' -> Duration.ofHours(number).toMillis();
                        default -> Duration.ofDays(number).toMillis();
                    };
        }
        try {
            return java.time.OffsetDateTime.parse(text.strip()).toInstant().toEpochMilli();
        } catch (java.time.format.DateTimeParseException e) {
            throw new SettingException(option, text, "90s, 15m, 2h, 3d, or a time such as 2026-01-31T09:30:00Z");
        }
    }

    /** A value as one line of text; an array as its items, separated by commas. */
    static String text(JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return "";
        }
        if (node.isArray()) {
            List<String> items = new ArrayList<>();
            node.forEach(item -> items.add(text(item)));
            return String.join(", ", items);
        }
        return withoutControls(node.isValueNode() ? node.asText() : node.toString());
    }

    /** Replaces control characters, which a terminal would interpret. */
    static String withoutControls(String text) {
        StringBuilder shown = new StringBuilder(text);
        for (int i = 0; i < shown.length(); i++) {
            if (shown.charAt(i) < ' ' || shown.charAt(i) == '\u007f') {
                shown.setCharAt(i, '?');
            }
        }
        return shown.toString();
    }

    /** The set of an object with {@code partition} and {@code set}. */
    static String set(JsonNode node) {
        return text(node.path("partition")) + ":" + text(node.path("set"));
    }

    /** The id of a destination, given as its id or as an object. */
    static String destination(JsonNode node) {
        if (!node.isObject()) {
            return text(node);
        }
        if (node.has("id")) {
            return text(node.path("id"));
        }
        if (node.path("destination").isObject()) {
            return destination(node.path("destination"));
        }
        return set(node) + ":" + text(node.path("uri"));
    }
}
