package org.sipdispatch.proxy;

import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * What this lane asks of proxies in front that support overload control with the algorithm {@code loss} (RFC 7339): Via
 * parameters of the responses to their requests. Not thread-safe.
 */
final class OverloadFeedback {
    /** How long a proxy obeys without another response. The share changes once a second. */
    private static final int VALID_MS = 2_000;

    private static final int MOST_CHANGES = 100_000;

    private final boolean sheds;
    private final LongSupplier epochSeconds;
    private long writtenSeconds;
    private int changes;
    private int percent;
    private boolean isOn;
    private String parameters;

    /** {@code sheds}: whether this lane ever sheds requests. If not, its responses do not say that it supports this. */
    OverloadFeedback(boolean sheds, LongSupplier epochSeconds) {
        this.sheds = sheds;
        this.epochSeconds = epochSeconds;
        write();
    }

    /**
     * Sets what is asked. While it stays the same it gets a larger number each second: a proxy ignores a number that it
     * has had, and would stop when the first one is no longer valid.
     *
     * @param asking whether the lane is overloaded
     */
    void ask(boolean asking, int askedPercent) {
        boolean isOld = asking && epochSeconds.getAsLong() != writtenSeconds;
        if (isOld || asking != isOn || askedPercent != percent) {
            isOn = asking;
            percent = askedPercent;
            write();
        }
    }

    /** A later text has a larger number, also after a restart. */
    private void write() {
        writtenSeconds = epochSeconds.getAsLong();
        changes = (changes + 1) % MOST_CHANGES;
        parameters = String.format(
                Locale.ROOT,
                ";oc=%d;oc-algo=\"loss\";oc-validity=%d;oc-seq=%d.%05d",
                percent,
                isOn ? VALID_MS : 0,
                writtenSeconds,
                changes);
    }

    /** The parameters that replace {@code oc} and {@code oc-algo} of a Via, each with its semicolon; empty for none. */
    String parameters() {
        return sheds ? parameters : "";
    }
}
