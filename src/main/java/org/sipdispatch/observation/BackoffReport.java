package org.sipdispatch.observation;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What nodes tell each other when the backoff of a destination begins.
 *
 * @param id the destination's id
 * @param remainingMs for how long from now on
 */
public record BackoffReport(String id, long remainingMs) {
    private static final int HEADER = 1 + Long.BYTES;

    public byte[] bytes() {
        byte[] name = id.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(HEADER + name.length)
                .put(NodeReports.BACKOFF)
                .putLong(remainingMs)
                .put(name)
                .array();
    }

    /** Null if the report is malformed. */
    public static BackoffReport read(byte[] bytes) {
        if (bytes.length <= HEADER) {
            return null;
        }
        long remainingMs = ByteBuffer.wrap(bytes, 1, Long.BYTES).getLong();
        String id = new String(bytes, HEADER, bytes.length - HEADER, StandardCharsets.UTF_8);
        return remainingMs <= 0 ? null : new BackoffReport(id, remainingMs);
    }
}
