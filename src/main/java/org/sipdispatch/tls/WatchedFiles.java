package org.sipdispatch.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.sipdispatch.settings.SettingException;

/**
 * The content of PEM files, which is read again when the files have changed. A change applies when two checks in a row
 * find the same content, so that a certificate and its key can be replaced one after the other. A certificate of this
 * node that is not valid at that time is refused, unless the one that it would replace is not valid either: peers would
 * refuse each connection. Refused files are read again when a certificate in them becomes valid, also one of an
 * authority. Thread-safe.
 */
public final class WatchedFiles<T> {
    /** The result of a check. */
    public enum CheckResult {
        /** Nothing new. */
        SAME,
        /** The new files are in use. */
        CHANGED,
        /** The new files cannot be used; {@link WatchedFiles#problem} says why, and the old ones stay in use. */
        REFUSED
    }

    private final List<PemFile> files;
    private final Supplier<T> reading;
    private final Function<T, List<CertificateInUse>> presented;
    private int used;
    private int seen;
    /** The content that was refused because it is not valid yet, until other files are found; null for none. */
    private T waiting;
    /** When the same files are read again, because a certificate in them becomes valid; null for never. */
    private Instant again;

    private volatile T current;
    private volatile String problem = "";

    /**
     * Reads files of which none is a certificate of this node.
     *
     * @param reading reads them
     * @throws SettingException if they cannot be used
     */
    public WatchedFiles(List<PemFile> files, Supplier<T> reading) {
        this(files, reading, read -> List.of());
    }

    /**
     * Reads the files for the first time. A certificate that is not valid is accepted, because there is no other one.
     *
     * @param reading reads them
     * @param presented the certificates of this node among what was read, always in the same order
     * @throws SettingException if they cannot be used
     */
    public WatchedFiles(List<PemFile> files, Supplier<T> reading, Function<T, List<CertificateInUse>> presented) {
        this.files = List.copyOf(files);
        this.reading = reading;
        this.presented = presented;
        used = contents();
        seen = used;
        current = reading.get();
    }

    /** The content that was read last. */
    public T current() {
        return current;
    }

    /** The certificates of this node that are in use. */
    public List<CertificateInUse> presented() {
        return presented.apply(current);
    }

    /** Why the files were refused last; empty if they were not. */
    public String problem() {
        return problem;
    }

    /** Checks whether the files have changed. */
    public CheckResult look() {
        return look(Instant.now());
    }

    synchronized CheckResult look(Instant now) {
        int found = contents();
        boolean isStable = found == seen;
        seen = found;
        if (isStable && found != used) {
            used = found;
            return readAgain(now);
        }
        return isStable && isDue(now) ? readAgain(now) : CheckResult.SAME;
    }

    /** What the reader refuses may depend on the time, as the validity of an authority does. */
    private boolean isDue(Instant now) {
        return waiting != null && invalid(waiting, now) == null || again != null && !now.isBefore(again);
    }

    private CheckResult readAgain(Instant now) {
        waiting = null;
        CheckResult look = read(now);
        boolean isFinal = look == CheckResult.CHANGED && presented().stream().noneMatch(one -> one.isEarly(now));
        again = isFinal ? null : nextBegin(now);
        return look;
    }

    private CheckResult read(Instant now) {
        try {
            T read = reading.get();
            CertificateInUse invalid = invalid(read, now);
            if (invalid == null) {
                return use(read);
            }
            waiting = invalid.isEarly(now) ? read : null;
            return refuse(invalid.refusal(now));
        } catch (SettingException e) {
            return refuse(e);
        }
    }

    private CheckResult refuse(SettingException why) {
        problem = why.getMessage();
        return CheckResult.REFUSED;
    }

    private CheckResult use(T read) {
        current = read;
        problem = "";
        return CheckResult.CHANGED;
    }

    /** The first certificate that is not valid now, in place of one that is; null if there is none. */
    private CertificateInUse invalid(T read, Instant now) {
        List<CertificateInUse> before = presented();
        List<CertificateInUse> after = presented.apply(read);
        for (int i = 0; i < after.size(); i++) {
            boolean replacesValid = i >= before.size() || before.get(i).isValid(now);
            if (replacesValid && !after.get(i).isValid(now)) {
                return after.get(i);
            }
        }
        return null;
    }

    /** When the next certificate of the files becomes valid; null if none will. */
    private Instant nextBegin(Instant now) {
        return files.stream()
                .flatMap(file -> begins(file).stream())
                .filter(begin -> begin.isAfter(now))
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    private static List<Instant> begins(PemFile file) {
        try {
            return file.certificates().stream()
                    .map(certificate -> certificate.getNotBefore().toInstant())
                    .toList();
        } catch (SettingException e) {
            // The file of a key, or one that cannot be read.
            return List.of();
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
