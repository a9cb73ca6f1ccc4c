package org.sipdispatch.logging;

/** The end of the log. It knows no class of Logback: most commands log nothing, and would load it in vain. */
public final class LogEnd {
    /** Null until the first line is logged. */
    private static volatile Runnable stop;

    private LogEnd() {}

    static void set(Runnable stopped) {
        stop = stopped;
    }

    /** Flushes the queue, for one second at most, and stops the log. The process must call this last. */
    public static void flush() {
        Runnable started = stop;
        if (started != null) {
            started.run();
        }
    }
}
