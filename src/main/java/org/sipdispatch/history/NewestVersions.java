package org.sipdispatch.history;

import java.util.LinkedHashMap;
import java.util.Map;
import org.sipdispatch.destination.Status;
import org.sipdispatch.destination.StatusVersion;

/**
 * The newest version that this node knows of each destination; bounded, the destinations that changed last.
 * Thread-safe.
 */
final class NewestVersions {
    private static final int MOST = 100_000;

    private final Map<String, StatusVersion> newest = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, StatusVersion> eldest) {
            return size() > MOST;
        }
    };

    /** Takes replicated statuses, which after a partition may be older than what this node knew before. */
    synchronized void learned(Map<String, Status> updates) {
        updates.forEach((id, status) -> newest.put(id, status.version()));
    }

    /** Whether a newer version is known. If not, remembers this one. */
    synchronized boolean isSuperseded(String id, StatusVersion version) {
        StatusVersion known = newest.get(id);
        boolean superseded = known != null && known.isAfter(version);
        if (!superseded) {
            newest.put(id, version);
        }
        return superseded;
    }
}
