package org.sipdispatch.sip;

/**
 * The branch that this proxy writes into its Via: all that is needed to recognise the reply and to carry it on, even
 * where its transaction is not known.
 *
 * @param lane the lane that holds the transaction, 0 to 63
 * @param socket the listening socket on which the request came in, 0 to 63
 * @param attempt which destination this is for the transaction, from 0 to 4095
 * @param transaction the key of the server transaction, see {@link TransactionKey}
 * @param loop a hash of what decides the routing, to tell a loop from a spiral (RFC 3261 section 16.6 step 8)
 */
public record Branch(int lane, int socket, int attempt, long transaction, long loop) {
    private static final String PREFIX = "z9hG4bKsd";
    private static final int KEY = PREFIX.length() + 4;
    private static final int LENGTH = KEY + 11 + 6;
    private static final long LOOP_MASK = (1L << 36) - 1;

    public Branch {
        loop &= LOOP_MASK;
    }

    /** Whether the request with that loop hash is the very one that this branch was written for. */
    public boolean isSameLoop(long hash) {
        return loop == (hash & LOOP_MASK);
    }

    public void writeTo(ByteSink sink) {
        sink.put(PREFIX)
                .putBase64(lane, 1)
                .putBase64(socket, 1)
                .putBase64(attempt, 2)
                .putBase64(transaction, 11)
                .putBase64(loop, 6);
    }

    /** The branch in that range; null if it is none of ours. */
    public static Branch parse(byte[] bytes, int start, int end) {
        if (end - start != LENGTH || !Ascii.equals(bytes, start, start + PREFIX.length(), PREFIX)) {
            return null;
        }
        for (int i = start + PREFIX.length(); i < end; i++) {
            if (!ByteSink.isBase64(bytes[i])) {
                return null;
            }
        }
        int at = start + PREFIX.length();
        int lane = (int) ByteSink.base64(bytes, at, 1);
        int socket = (int) ByteSink.base64(bytes, at + 1, 1);
        int attempt = (int) ByteSink.base64(bytes, at + 2, 2);
        long loop = ByteSink.base64(bytes, start + KEY + 11, 6);
        return new Branch(lane, socket, attempt, ByteSink.base64(bytes, start + KEY, 11), loop);
    }

    /** The branch in a Via; null if it is none of ours. */
    public static Branch of(Via via) {
        long range = via.parameter("branch");
        return range == Parameters.ABSENT ? null : parse(via.bytes(), Parameters.start(range), Parameters.end(range));
    }
}
