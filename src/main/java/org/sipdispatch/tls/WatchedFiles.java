package org.sipdispatch.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.sipdispatch.settings.SettingException;

/**
 * What was read from PEM files, and is read again when the files have changed. A change applies when two looks find the
 * same, so that a certificate and its key can be replaced one after the other. Thread-safe.
 */
public final class WatchedFiles<T> {
    /** What a look has found. */
    public enum Look {
        /** Nothing new. */
        SAME,
        /** The new files are in use. */
        CHANGED,
        /** The new files cannot be used; {@link WatchedFiles#problem} says why, and the old ones stay in use. */
        REFUSED
    }

    private final List<PemFile> files;
    private final Supplier<T> reading;
    private int used;
    private int seen;
    private volatile T current;
    private volatile String problem = "";

    /**
     * Reads the files.
     *
     * @param reading reads them
     * @throws SettingException if they cannot be used
     */
    public WatchedFiles(List<PemFile> files, Supplier<T> reading) {
        this.files = List.copyOf(files);
        this.reading = reading;
        used = contents();
        seen = used;
        current = reading.get();
    }

    /** What was read last. */
    public T current() {
        return current;
    }

    /** Why the files were refused last; empty if they were not. */
    public String problem() {
        return problem;
    }

    /** Looks whether the files have changed. */
    public synchronized Look look() {
        int now = contents();
        boolean isStable = now == seen;
        seen = now;
        if (now == used || !isStable) {
            return Look.SAME;
        }
        used = now;
        try {
            current = reading.get();
            problem = "";
            return Look.CHANGED;
        } catch (SettingException e) {
            problem = e.getMessage();
            return Look.REFUSED;
        }
    }

    /** A hash of the contents; the time of the last change is not enough, because a renewed file may have an old one. */
    private int contents() {
        int hash = 1;
        for (PemFile file : files) {
            hash = 31 * hash + contents(file);
        }
        return hash;
    }

    private static int contents(PemFile file) {
        try {
            return Arrays.hashCode(Files.readAllBytes(Path.of(file.path())));
        } catch (IOException | InvalidPathException e) {
            return 0;
        }
    }
}
