package org.sipdispatch.sip;

/**
 * Names a transaction by 64 bits that every node with the same secret computes alike, from a request or from a reply
 * to it (RFC 3261 section 17.2.3): branch and sent-by of the sender's Via, and for senders of RFC 2543 Call-ID, CSeq
 * number and From tag besides. INVITE, its ACK and its CANCEL share a key. Not thread-safe.
 */
public final class TransactionKey {
    private static final String COOKIE = "z9hG4bK";

    private final KeyedHash hash;

    public TransactionKey(KeyedHash hash) {
        this.hash = hash;
    }

    /** The key of a request, from its topmost Via. */
    public long of(SipRequest request) {
        return of(request, request.topVia());
    }

    /** The key of the request that a reply answers, from the Via below ours. */
    public long of(SipMessage message, Via via) {
        hash.begin();
        long branch = via.parameter("branch");
        byte[] bytes = message.bytes;
        boolean unique = false;
        if (branch != Parameters.ABSENT) {
            int start = Parameters.start(branch);
            int end = Parameters.end(branch);
            // The bare cookie says nothing: RFC 4475 section 3.2.1.
            unique = end - start > COOKIE.length() && Ascii.equals(bytes, start, start + COOKIE.length(), COOKIE);
            hash.add(bytes, start, end);
        }
        hash.add(bytes, via.hostStart(), via.hostEnd()).add(via.port());
        if (!unique) {
            addIdentity(message);
        }
        addMethod(message);
        return hash.value();
    }

    private void addIdentity(SipMessage message) {
        int callId = message.first(HeaderName.CALL_ID);
        hash.add(message.bytes, message.valueStart(callId), message.valueEnd(callId));
        hash.add((int) message.cseqNumber()).add((int) message.cseqNumber() >> 16);
        addTag(message.from());
    }

    private void addMethod(SipMessage message) {
        int method = message.cseqMethod();
        boolean shared =
                message.cseqMethodIs("INVITE") || message.cseqMethodIs("ACK") || message.cseqMethodIs("CANCEL");
        if (method >= 0 && !shared) {
            hash.add(message.bytes, method, message.valueEnd(message.first(HeaderName.CSEQ)));
        }
    }

    /** Requests that are refused for a malformed address get a key as well: their answer needs one. */
    private void addTag(NameAddr address) {
        long tag = address == null ? Parameters.ABSENT : address.tag();
        if (tag != Parameters.ABSENT) {
            hash.add(address.bytes(), Parameters.start(tag), Parameters.end(tag));
        }
    }

    /**
     * A hash of what decides where a request goes (RFC 3261 section 16.6 step 8): the same twice means that the
     * request runs in a circle. The To tag is left out, so that an ACK gets the branch of its INVITE.
     */
    public long loop(SipRequest request) {
        hash.begin();
        byte[] bytes = request.bytes;
        hash.add(bytes, request.uriStart(), request.uriEnd());
        int callId = request.first(HeaderName.CALL_ID);
        hash.add(bytes, request.valueStart(callId), request.valueEnd(callId));
        hash.add((int) request.cseqNumber()).add((int) request.cseqNumber() >> 16);
        addTag(request.from());
        for (int i = request.first(HeaderName.ROUTE); i >= 0; i = request.next(HeaderName.ROUTE, i + 1)) {
            hash.add(bytes, request.valueStart(i), request.valueEnd(i));
        }
        return hash.value();
    }

    /** The key of a call: all messages with its Call-ID have it. */
    public long call(SipMessage message) {
        return beginCall(0x5252, message).value();
    }

    /**
     * A short proof that a Record-Route was written by this proxy or its peers. It is bound to the Call-ID, to the tag
     * of the party who began the dialog, and to the moment.
     *
     * @param beginner the From or To of the message: the party who began
     * @param madeAt seconds since 1970, less than 2^48
     */
    public long seal(SipMessage message, NameAddr beginner, long madeAt) {
        beginCall(0x5253, message);
        addTag(beginner);
        return hash.add((int) madeAt)
                .add((int) (madeAt >>> 16))
                .add((int) (madeAt >>> 32))
                .value();
    }

    private KeyedHash beginCall(int purpose, SipMessage message) {
        int callId = message.first(HeaderName.CALL_ID);
        return hash.begin().add(purpose).add(message.bytes, message.valueStart(callId), message.valueEnd(callId));
    }

    /**
     * A proof that a reply goes back the way its request came: to that address and port, by the socket that the
     * branch names, on that connection.
     */
    public long way(Branch branch, long connection, byte[] address, int port) {
        hash.begin().add(0x5741).add(branch.socket()).add(port).add(address, 0, address.length);
        addLong(branch.transaction());
        addLong(connection);
        return hash.value();
    }

    private void addLong(long number) {
        for (int shift = 0; shift < 64; shift += 16) {
            hash.add((int) (number >>> shift) & 0xffff);
        }
    }

    /** The key of a ping of this proxy's own: the {@code number}th of those that began with that seed. */
    public long ping(long seed, long number) {
        hash.begin().add(0x5049);
        addLong(seed);
        addLong(number);
        return hash.value();
    }

    /** The tag for replies that this proxy makes itself to the request with that key: always the same one. */
    public long replyTag(long key) {
        hash.begin().add(0x5447);
        addLong(key);
        return hash.value();
    }
}
