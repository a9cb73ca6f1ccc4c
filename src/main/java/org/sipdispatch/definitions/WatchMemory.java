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
record WatchMemory(String loaded, String refused, String seen) {
    private static final String UNKNOWN = "";
    static final WatchMemory NONE = new WatchMemory(null, null, null);

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

    WatchMemory looked(SourceContent now) {
        return new WatchMemory(
                loaded != null ? loaded : now.isWhole() ? UNKNOWN : now.fingerprint(), refused, now.fingerprint());
    }

    /** Others have loaded rows: the next complete content applies, also the one that was loaded before. */
    WatchMemory loadedByOther() {
        return new WatchMemory(UNKNOWN, refused, seen);
    }

    WatchMemory loaded(String fingerprint) {
        return new WatchMemory(fingerprint, null, seen);
    }

    WatchMemory refused(String fingerprint) {
        return new WatchMemory(loaded, fingerprint, seen);
    }
}
