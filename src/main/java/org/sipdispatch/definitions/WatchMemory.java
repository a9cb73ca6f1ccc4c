package org.sipdispatch.definitions;

import org.sipdispatch.catalog.SourceContent;

/**
 * What a watched source had at former looks, as fingerprints; null for none. A node that begins to watch a file takes what
 * it finds as loaded: after a failover an older file of this node must not replace the destinations. A document at a URL
 * is the same for all nodes and applies.
 *
 * @param loaded the content that is loaded
 * @param refused the content that was refused since
 * @param seen the content at the last look
 */
record WatchMemory(String loaded, String refused, String seen) {
    static final WatchMemory NONE = new WatchMemory(null, null, null);

    /** Whether the content is new and complete. The content of a file is complete if two checks in a row find it. */
    boolean isDue(SourceContent now) {
        String fingerprint = now.fingerprint();
        return loaded != null
                && !fingerprint.equals(loaded)
                && !fingerprint.equals(refused)
                && (now.isWhole() || fingerprint.equals(seen));
    }

    /** Whether it is not known yet what is loaded. */
    boolean isAtStart() {
        return "".equals(loaded);
    }

    /** Whether a refused content was replaced with what is loaded. */
    boolean isRestored(SourceContent now) {
        return refused != null
                && now.fingerprint().equals(loaded)
                && (now.isWhole() || now.fingerprint().equals(seen));
    }

    WatchMemory looked(SourceContent now) {
        return new WatchMemory(
                loaded != null ? loaded : now.isWhole() ? "" : now.fingerprint(), refused, now.fingerprint());
    }

    WatchMemory loaded(String fingerprint) {
        return new WatchMemory(fingerprint, null, seen);
    }

    WatchMemory refused(String fingerprint) {
        return new WatchMemory(loaded, fingerprint, seen);
    }
}
