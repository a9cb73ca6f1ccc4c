package org.sipdispatch.migrate;

import org.sipdispatch.migrate.ImportReport.Item;

/** A value of TLS domains with its line. Several domains may share it; it is counted once. */
final class TlsSetting {
    private final String value;
    private final String written;
    private final Item item;
    private boolean counted;

    /** @param written the line with its location, for the report */
    TlsSetting(String value, String written, Item item) {
        this.value = value;
        this.written = written;
        this.item = item;
    }

    String value() {
        return value;
    }

    String written() {
        return written;
    }

    void carried(ImportReport report) {
        if (isFirst()) {
            report.carried(item);
        }
    }

    void unneeded(ImportReport report, String why) {
        if (isFirst()) {
            report.unneeded(item, written, why);
        }
    }

    void left(ImportReport report, String why) {
        if (isFirst()) {
            report.left(item, written, why);
        } else {
            report.note(written, why);
        }
    }

    /** Counts the setting as left out; another line says why. Returns whether it was not counted before. */
    boolean left(ImportReport report) {
        boolean first = isFirst();
        if (first) {
            report.left(item);
        }
        return first;
    }

    private boolean isFirst() {
        boolean first = !counted;
        counted = true;
        return first;
    }
}
