package org.sipdispatch.tls;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** All certificates that this node presents, by the part that presents them. Warns before one expires. Thread-safe. */
public final class CertificatesInUse {
    private final Duration soon;
    private final Consumer<String> warnings;
    private final Map<String, List<CertificateInUse>> byPart = new ConcurrentSkipListMap<>();
    private final Map<String, WatchedFiles<?>> watched = new ConcurrentSkipListMap<>();

    /**
     * @param soon how long before the end of a certificate the warnings begin
     * @param warnings receives a line for each certificate that is not valid, or not for much longer
     */
    public CertificatesInUse(Duration soon, Consumer<String> warnings) {
        this.soon = soon;
        this.warnings = warnings;
    }

    /** A part of the node presents these from now on, in place of the previous ones; warns about them if necessary. */
    public void present(String part, List<CertificateInUse> certificates) {
        byPart.put(part, List.copyOf(certificates));
        warn(certificates);
    }

    /** The files of this block are watched. */
    public void watch(String block, WatchedFiles<?> files) {
        watched.put(block, files);
    }

    /** Whether the newest files are refused, so that older ones stay in use, by the block that names them. */
    public Map<String, Boolean> refused() {
        return watched.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, one -> !one.getValue().problem().isEmpty()));
    }

    /** Warns about certificates that expire soon, or are not valid. */
    public void warn() {
        warn(all());
    }

    /** Several settings may name one file. */
    private void warn(List<CertificateInUse> certificates) {
        Instant now = Instant.now();
        Set<String> warned = new HashSet<>();
        for (CertificateInUse one : certificates) {
            String warning = one.warning(now, soon);
            if (!warning.isEmpty() && warned.add(one.file().path())) {
                warnings.accept(warning);
            }
        }
    }

    /** The certificates of all parts. */
    public List<CertificateInUse> all() {
        return byPart.values().stream().flatMap(List::stream).toList();
    }
}
