package org.sipdispatch.cli;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** The body of a response whose end the message says: by its length, or by chunks (RFC 9112 section 7.1). */
final class ResponseBody extends InputStream {
    private static final int LONGEST_LINE = 8_192;

    private final InputStream in;
    private final boolean chunked;
    /** The bytes that are left, of the chunk if there are chunks. */
    private long left;

    private boolean ended;

    private ResponseBody(InputStream in, boolean chunked, long left) {
        this.in = in;
        this.chunked = chunked;
        this.left = left;
    }

    static InputStream of(InputStream in, long length) {
        return new ResponseBody(in, false, length);
    }

    static InputStream chunked(InputStream in) {
        return new ResponseBody(in, true, 0);
    }

    /** A length in a header field or of a chunk. */
    static long number(String text, int radix) throws IOException {
        try {
            long number = Long.parseLong(text, radix);
            if (number >= 0 && Character.isLetterOrDigit(text.charAt(0))) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Refused below.
        }
        throw new IOException("the response has an invalid length");
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (left == 0 && chunked && !ended) {
            beginChunk();
        }
        if (left == 0) {
            return -1;
        }
        int count = in.read(bytes, offset, (int) Math.min(length, left));
        if (count < 0) {
            throw incomplete();
        }
        left -= count;
        if (left == 0 && chunked && !readLine().isEmpty()) {
            throw new IOException("the response has an invalid chunk");
        }
        return count;
    }

    private void beginChunk() throws IOException {
        left = number(readLine().replaceFirst(";.*", "").strip(), 16);
        if (left > 0) {
            return;
        }
        ended = true;
        while (!readLine().isEmpty()) {
            // A trailer field.
        }
    }

    private String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw incomplete();
            } else if (line.length() == LONGEST_LINE) {
                throw new IOException("the response has an invalid chunk");
            }
            line.append((char) next);
        }
        return line.toString().stripTrailing();
    }

    private static EOFException incomplete() {
        return new EOFException("the response is incomplete");
    }
}
