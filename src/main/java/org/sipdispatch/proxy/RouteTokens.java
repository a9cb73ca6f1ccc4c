package org.sipdispatch.proxy;

import java.util.function.LongSupplier;
import org.sipdispatch.sip.ByteWriter;
import org.sipdispatch.sip.NameAddr;
import org.sipdispatch.sip.Parameters;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipUri;
import org.sipdispatch.sip.TransactionKey;

/**
 * The route tokens in our Record-Routes, parameter {@code k}: the creation time, 6 characters, and a keyed hash, 11
 * characters. A route token is valid for one Call-ID, for the party that started the dialog (its tag is in the From or To of
 * every request of the dialog), and for {@code relay.call-longest}. Not thread-safe.
 */
final class RouteTokens {
    /** No route token. A route token of a dialog has this value with negligible probability. */
    static final long NONE = 0;

    private static final int MADE_DIGITS = 6;
    private static final int DIGITS = MADE_DIGITS + KeyedHash.DIGITS;

    private final TransactionKey keys;
    private final LongSupplier epochSeconds;
    private final long longestSeconds;

    /** {@code epochSeconds}: seconds since 1970, so that route tokens survive a restart and are valid on other nodes. */
    RouteTokens(TransactionKey keys, LongSupplier epochSeconds, long longestMs) {
        this.keys = keys;
        this.epochSeconds = epochSeconds;
        longestSeconds = longestMs / 1000;
    }

    /** {@code beginner}: the From or To of the request, for the party that starts or started the dialog. */
    void writeTo(ByteWriter out, SipRequest request, NameAddr beginner, long madeAt) {
        out.putBase64(madeAt, MADE_DIGITS).putBase64(hash(request, beginner, madeAt), KeyedHash.DIGITS);
    }

    /** The hash in the route token that {@link #writeTo} writes. */
    long hash(SipRequest request, NameAddr beginner, long madeAt) {
        return keys.routeToken(request, beginner, madeAt);
    }

    /** Whether a URI has a route token, valid or not. */
    static boolean isIn(SipUri uri) {
        return uri.parameter("k") != Parameters.ABSENT;
    }

    /** The hash in the valid route token of a URI. */
    long hash(SipRequest request, SipUri uri, NameAddr beginner) {
        long range = uri.parameter("k");
        return hash(request, beginner, ByteWriter.readBase64(uri.bytes(), Parameters.start(range), MADE_DIGITS));
    }

    long now() {
        return epochSeconds.getAsLong();
    }

    /**
     * Checks the route token in a Route value of this proxy.
     *
     * @param address the Route value; its header parameters are checked too, because some user agents move ours there.
     *     May be null
     * @return the From or To of the party that started the dialog; null if there is no valid route token
     */
    NameAddr initiator(SipRequest request, SipUri uri, NameAddr address) {
        long range = uri.parameter("k");
        if (range != Parameters.ABSENT) {
            return initiator(request, uri.bytes(), range);
        }
        range = address == null ? Parameters.ABSENT : address.parameter("k");
        return range == Parameters.ABSENT ? null : initiator(request, request.bytes(), range);
    }

    private NameAddr initiator(SipRequest request, byte[] bytes, long range) {
        int start = Parameters.start(range);
        int end = Parameters.end(range);
        // The value of a header parameter may be a token or a quoted string: RFC 3261 section 25.1.
        if (end - start == DIGITS + 2 && bytes[start] == '"') {
            start++;
            end--;
        }
        long madeAt = end - start == DIGITS ? ByteWriter.readBase64(bytes, start, MADE_DIGITS) : -1;
        // A time in the future comes from a node whose clock is ahead; the route token is still valid.
        if (madeAt < 0 || now() - madeAt > longestSeconds) {
            return null;
        }
        int proof = start + MADE_DIGITS;
        if (KeyedHash.is(bytes, proof, end, keys.routeToken(request, request.from(), madeAt))) {
            return request.from();
        }
        boolean ofCallee =
                request.hasToTag() && KeyedHash.is(bytes, proof, end, keys.routeToken(request, request.to(), madeAt));
        return ofCallee ? request.to() : null;
    }
}
