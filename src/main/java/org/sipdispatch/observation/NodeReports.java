package org.sipdispatch.observation;

/** The first bytes of the reports about destinations between nodes. The batches of their lanes have 1 and 2. */
public final class NodeReports {
    /** A {@link BackoffReport}. */
    static final byte BACKOFF = 3;
    /** A report of the calls to destinations. */
    static final byte QUALITY = 4;

    private NodeReports() {}

    public static boolean isBackoff(byte[] bytes) {
        return bytes.length > 0 && bytes[0] == BACKOFF;
    }

    public static boolean isQuality(byte[] bytes) {
        return bytes.length > 0 && bytes[0] == QUALITY;
    }
}
