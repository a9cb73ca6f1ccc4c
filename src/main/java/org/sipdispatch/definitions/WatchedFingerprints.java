package org.sipdispatch.definitions;

import org.sipdispatch.catalog.SourceContent;

/**
 * What a watched source had at former looks, as fingerprints; null for none. A node that begins to watch a file takes what
 * it finds as loaded: after a failover an older file of this node must not replace the destinations. A document at a URL
 * is the same for all nodes and applies.
 *
 * @param loaded the content that is loaded; empty if that is not known
 * @param refused the content that was refused since
 * @param seen the content at the last look
 */
record WatchedFingerprints(String loaded, String refused, String seen) {
    private static final String UNKNOWN = "";
    static final WatchedFingerprints NONE = new WatchedFingerprints(null, null, null);

    /** Whether the content is new and complete. The content of a file is complete if two checks in a row find it. */
    boolean isDue(SourceContent now) {
        String fingerprint = now.fingerprint();
        return loaded != null
                && !fingerprint.equals(loaded)
                && !fingerprint.equals(refused)
                && (now.isWhole() || fingerprint.equals(seen));
    }

    /** Whether it is not known what is loaded. */
    boolean isUnknown() {
        return UNKNOWN.equals(loaded);
    }

    /** Whether the content is complete and loaded. */
    boolean isLoaded(SourceContent now) {
        return now.fingerprint().equals(loaded)
                && (now.isWhole() || now.fingerprint().equals(seen));
    }

    WatchedFingerprints looked(SourceContent now) {
        return new WatchedFingerprints(
                loaded != null ? loaded : now.isWhole() ? UNKNOWN : now.fingerprint(), refused, now.fingerprint());
    }

    /** Others have loaded rows: the next complete content applies, also the one that was loaded before. */
    WatchedFingerprints loadedByOther() {
        return new WatchedFingerprints(UNKNOWN, refused, seen);
    }

    WatchedFingerprints loaded(String fingerprint) {
        return new WatchedFingerprints(fingerprint, null, seen);
    }

    WatchedFingerprints refused(String fingerprint) {
        return new WatchedFingerprints(loaded, fingerprint, seen);
    }
}
