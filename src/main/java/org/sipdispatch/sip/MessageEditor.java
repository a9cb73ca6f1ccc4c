package org.sipdispatch.sip;

import java.util.Arrays;

/**
 * Writes a copy of a message with a few edits; all other bytes stay unchanged. Reused; not thread-safe. An edit
 * replaces a range with the bytes that are appended after {@code replace}:
 *
 * <pre>{@code
 * rewriter.begin(request);
 * rewriter.replace(request.uriStart(), request.uriEnd()).put("sip:bob@10.0.0.1");
 * ByteWriter message = rewriter.finish();
 * }</pre>
 *
 * Ranges must not overlap. Edits at the same position are written in the order in which they were made.
 */
public final class MessageEditor {
    private final ByteWriter out = new ByteWriter(4096);
    private final ByteWriter texts = new ByteWriter(1024);
    private SipMessage message;
    private int[] from = new int[16];
    private int[] to = new int[16];
    private int[] textStart = new int[16];
    private int[] textEnd = new int[16];
    private int edits;

    public MessageEditor begin(SipMessage original) {
        message = original;
        edits = 0;
        texts.clear();
        return this;
    }

    /** Replaces a range with what the caller appends to the returned sink before the next edit. */
    public ByteWriter replace(int start, int end) {
        close();
        if (edits == from.length) {
            grow();
        }
        from[edits] = start;
        to[edits] = end;
        textStart[edits] = texts.length();
        edits++;
        return texts;
    }

    public ByteWriter insert(int at) {
        return replace(at, at);
    }

    public void delete(int start, int end) {
        replace(start, end);
    }

    private void close() {
        if (edits > 0) {
            textEnd[edits - 1] = texts.length();
        }
    }

    private void grow() {
        int size = edits * 2;
        from = Arrays.copyOf(from, size);
        to = Arrays.copyOf(to, size);
        textStart = Arrays.copyOf(textStart, size);
        textEnd = Arrays.copyOf(textEnd, size);
    }

    /** The edited message; valid until the next {@link #begin}. */
    public ByteWriter finish() {
        close();
        sort();
        out.clear();
        int at = message.start;
        for (int i = 0; i < edits; i++) {
            if (from[i] > at) {
                out.put(message.bytes, at, from[i]);
            }
            out.put(texts.bytes(), textStart[i], textEnd[i]);
            at = Math.max(at, to[i]);
        }
        return out.put(message.bytes, at, message.end);
    }

    /** Stable sort by position. Insertion sort, because edits are few and nearly sorted. */
    private void sort() {
        for (int i = 1; i < edits; i++) {
            for (int k = i; k > 0 && from[k - 1] > from[k]; k--) {
                swap(from, k);
                swap(to, k);
                swap(textStart, k);
                swap(textEnd, k);
            }
        }
    }

    private static void swap(int[] row, int k) {
        int kept = row[k];
        row[k] = row[k - 1];
        row[k - 1] = kept;
    }
}
