package org.sipdispatch.e2e;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** Reads what a node has logged. */
final class LogLines {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS");

    private LogLines() {}

    /** How long after that time the first line with that text was written; -1 if none was. */
    static long firstMs(String log, String text, long sinceMs) {
        return log.lines()
                .filter(line -> line.contains(text))
                .mapToLong(line -> atMs(line) - sinceMs)
                .filter(ms -> ms >= 0)
                .findFirst()
                .orElse(-1);
    }

    /** When a line was written, in milliseconds since 1970; it must begin with a time. */
    static long atMs(String line) {
        return LocalDateTime.parse(line.substring(0, 23), TIME)
                .atZone(ZoneId.systemDefault())
                .toInstant()
                .toEpochMilli();
    }
}
