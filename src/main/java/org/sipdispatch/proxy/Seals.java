package org.sipdispatch.proxy;

import java.util.function.LongSupplier;
import org.sipdispatch.sip.ByteWriter;
import org.sipdispatch.sip.NameAddr;
import org.sipdispatch.sip.Parameters;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipUri;
import org.sipdispatch.sip.TransactionKey;

/**
 * The seals in our Record-Routes, parameter {@code k}: when it was made, 6 characters, and a keyed hash, 11 characters.
 * A seal holds for one Call-ID and for the party who began its dialog, whose tag is in From or To of every request of
 * the dialog, and for {@code relay.call-longest}. One thread only.
 */
final class Seals {
    private static final int MADE_DIGITS = 6;
    private static final int DIGITS = MADE_DIGITS + RouteToken.DIGITS;

    private final TransactionKey keys;
    private final LongSupplier epochSeconds;
    private final long longestSeconds;

    /** {@code epochSeconds}: since 1970, so that seals outlive the process and hold on other nodes. */
    Seals(TransactionKey keys, LongSupplier epochSeconds, long longestMs) {
        this.keys = keys;
        this.epochSeconds = epochSeconds;
        longestSeconds = longestMs / 1000;
    }

    /** {@code beginner}: the party of the request who began the dialog, or begins it. */
    void writeTo(ByteWriter out, SipRequest request, NameAddr beginner, long madeAt) {
        out.putBase64(madeAt, MADE_DIGITS).putBase64(keys.routeToken(request, beginner, madeAt), RouteToken.DIGITS);
    }

    long now() {
        return epochSeconds.getAsLong();
    }

    /**
     * Looks for a seal in a Route value of ours.
     *
     * @param address the value; its header field parameters count, since some user agents move ours there. May be null
     * @return the party of the request who began the dialog; null if there is no seal that holds for it
     */
    NameAddr beginner(SipRequest request, SipUri uri, NameAddr address) {
        long range = uri.parameter("k");
        if (range != Parameters.ABSENT) {
            return beginner(request, uri.bytes(), range);
        }
        range = address == null ? Parameters.ABSENT : address.parameter("k");
        return range == Parameters.ABSENT ? null : beginner(request, request.bytes(), range);
    }

    private NameAddr beginner(SipRequest request, byte[] bytes, long range) {
        int start = Parameters.start(range);
        int end = Parameters.end(range);
        long madeAt = end - start == DIGITS ? ByteWriter.readBase64(bytes, start, MADE_DIGITS) : -1;
        // One of the future is of a node whose clock runs ahead, and no less a proof.
        if (madeAt < 0 || now() - madeAt > longestSeconds) {
            return null;
        }
        int proof = start + MADE_DIGITS;
        if (RouteToken.is(bytes, proof, end, keys.routeToken(request, request.from(), madeAt))) {
            return request.from();
        }
        boolean ofCallee =
                request.hasToTag() && RouteToken.is(bytes, proof, end, keys.routeToken(request, request.to(), madeAt));
        return ofCallee ? request.to() : null;
    }
}
