package org.sipdispatch.e2e;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** Reads a node's log. */
final class LogLines {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS");

    private LogLines() {}

    /** The time from {@code sinceMs} to the first line with that text, in milliseconds; -1 if there is none. */
    static long firstMs(String log, String text, long sinceMs) {
        return log.lines()
                .filter(line -> line.contains(text))
                .mapToLong(line -> atMs(line) - sinceMs)
                .filter(ms -> ms >= 0)
                .findFirst()
                .orElse(-1);
    }

    /** The time of a log line in milliseconds since 1970; the line must start with a time. */
    static long atMs(String line) {
        return LocalDateTime.parse(line.substring(0, 23), TIME)
                .atZone(ZoneId.systemDefault())
                .toInstant()
                .toEpochMilli();
    }
}
