package org.sipdispatch.sip;

/**
 * The branch parameter that this proxy writes into its Via. It contains all that is needed to recognise and forward the
 * response, even on a lane or node that does not know its transaction.
 *
 * @param lane the lane that holds the transaction, 0 to 63
 * @param socket the listening socket on which the request arrived, 0 to 63
 * @param attempt the number of the attempt within the transaction, 0 to 4095
 * @param transaction the key of the server transaction, see {@link TransactionKey}
 * @param loop a hash of what decides the routing, which distinguishes a loop from a spiral (RFC 3261 section 16.6 step
 *     8); only the lowest 36 bits are kept
 */
public record Branch(int lane, int socket, int attempt, long transaction, long loop) {
    private static final String PREFIX = "z9hG4bKsd";
    private static final int KEY = PREFIX.length() + 4;
    private static final int LENGTH = KEY + 11 + 6;
    private static final long LOOP_MASK = (1L << 36) - 1;

    public Branch {
        loop &= LOOP_MASK;
    }

    /** Whether a request with this loop hash is the request that this branch was written for. */
    public boolean isSameLoop(long hash) {
        return loop == (hash & LOOP_MASK);
    }

    public void writeTo(ByteWriter sink) {
        sink.put(PREFIX)
                .putBase64(lane, 1)
                .putBase64(socket, 1)
                .putBase64(attempt, 2)
                .putBase64(transaction, 11)
                .putBase64(loop, 6);
    }

    /** Parses the branch in a range; null if this proxy did not write it. */
    public static Branch parse(byte[] bytes, int start, int end) {
        if (end - start != LENGTH || !Ascii.equals(bytes, start, start + PREFIX.length(), PREFIX)) {
            return null;
        }
        for (int i = start + PREFIX.length(); i < end; i++) {
            if (!ByteWriter.isBase64(bytes[i])) {
                return null;
            }
        }
        int at = start + PREFIX.length();
        int lane = (int) ByteWriter.readBase64(bytes, at, 1);
        int socket = (int) ByteWriter.readBase64(bytes, at + 1, 1);
        int attempt = (int) ByteWriter.readBase64(bytes, at + 2, 2);
        long loop = ByteWriter.readBase64(bytes, start + KEY + 11, 6);
        return new Branch(lane, socket, attempt, ByteWriter.readBase64(bytes, start + KEY, 11), loop);
    }

    /** The branch of a Via; null if there is none or this proxy did not write it. */
    public static Branch of(Via via) {
        long range = via.branch();
        return range == Parameters.ABSENT ? null : parse(via.bytes(), Parameters.start(range), Parameters.end(range));
    }
}
