package org.sipdispatch.sip;

/**
 * Computes the 64-bit key of a transaction, from a request or from a response to it (RFC 3261 section 17.2.3). Every
 * node with the same secret computes the same key. The key covers the branch and sent-by of the sender's Via and, for
 * RFC 2543 senders, Call-ID, CSeq number and From tag. INVITE, its ACK and its CANCEL have the same key. Not
 * thread-safe.
 */
public final class TransactionKey {
    private static final String COOKIE = "z9hG4bK";

    private final SipHash hash;

    public TransactionKey(SipHash hash) {
        this.hash = hash;
    }

    /** The key of a request, from its topmost Via. */
    public long of(SipRequest request) {
        return of(request, request.topVia());
    }

    /** The key of the request that a response answers, from the Via below this proxy's own. */
    public long of(SipMessage message, Via via) {
        hash.reset();
        long branch = via.branch();
        byte[] bytes = message.bytes;
        boolean unique = false;
        if (branch != Parameters.ABSENT) {
            int start = Parameters.start(branch);
            int end = Parameters.end(branch);
            // The magic cookie alone identifies nothing: RFC 4475 section 3.2.1.
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
        addCallId(message);
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

    /** The address is null for a request that is rejected because of it; the response still needs a key. */
    private void addTag(NameAddr address) {
        long tag = address == null ? Parameters.ABSENT : address.tag();
        if (tag != Parameters.ABSENT) {
            hash.add(address.bytes(), Parameters.start(tag), Parameters.end(tag));
        }
    }

    /**
     * A hash of what decides where a request goes (RFC 3261 section 16.6 step 8). The same hash twice means that the
     * request loops. The To tag is left out, so that an ACK gets the branch of its INVITE.
     */
    public long loopHash(SipRequest request) {
        hash.reset();
        byte[] bytes = request.bytes;
        hash.add(bytes, request.uriStart(), request.uriEnd());
        addCallId(request);
        hash.add((int) request.cseqNumber()).add((int) request.cseqNumber() >> 16);
        addTag(request.from());
        for (int i = request.first(HeaderName.ROUTE); i >= 0; i = request.next(HeaderName.ROUTE, i + 1)) {
            hash.add(bytes, request.valueStart(i), request.valueEnd(i));
        }
        return hash.value();
    }

    /**
     * The key of a call: the same for all messages of its dialog, in both directions. The branches of a fork are different
     * calls, and so are calls of a caller that repeats its Call-IDs.
     *
     * @param message a message with the tags of both parties
     */
    public long callKey(SipMessage message) {
        return callKey(message, message.from()) + callKey(message, message.to());
    }

    private long callKey(SipMessage message, NameAddr party) {
        addCallId(0x5252, message);
        addTag(party);
        return hash.value();
    }

    /**
     * The key of a dialog: the same for all messages with its Call-ID, computed with the tag of the same party.
     *
     * @param party the From or To of the message
     */
    public long dialogKey(SipMessage message, NameAddr party) {
        addCallId(0x5254, message);
        addTag(party);
        return hash.value();
    }

    /**
     * A short proof that this proxy or a node with the same secret wrote a Record-Route. The proof covers the Call-ID,
     * the tag of the party that created the dialog, and the time.
     *
     * @param beginner the From or To of the message, depending on which party created the dialog
     * @param madeAt seconds since 1970, less than 2^48
     */
    public long routeToken(SipMessage message, NameAddr beginner, long madeAt) {
        addCallId(0x5253, message);
        addTag(beginner);
        return hash.add((int) madeAt)
                .add((int) (madeAt >>> 16))
                .add((int) (madeAt >>> 32))
                .value();
    }

    private SipHash addCallId(int purpose, SipMessage message) {
        hash.reset().add(purpose);
        return addCallId(message);
    }

    /** A request that is rejected because it has no Call-ID needs keys too. */
    private SipHash addCallId(SipMessage message) {
        int callId = message.first(HeaderName.CALL_ID);
        return callId < 0 ? hash : hash.add(message.bytes, message.valueStart(callId), message.valueEnd(callId));
    }

    /**
     * A proof of the path that a response takes back: to this address and port, through the socket that the branch
     * names, on this TCP connection.
     */
    public long returnPathToken(Branch branch, long connection, byte[] address, int port) {
        hash.reset().add(0x5741).add(branch.socket()).add(port).add(address, 0, address.length);
        addLong(branch.transaction());
        addLong(connection);
        return hash.value();
    }

    /**
     * A proof that this proxy or a node with the same secret wrote a flow token, which leads to this address and port.
     *
     * @param kind what else the token says
     * @param socket the index of the socket that leads there
     * @param madeAt seconds since 1970
     */
    public long flowProof(int kind, int socket, byte[] address, int port, long madeAt, long connection) {
        hash.reset().add(0x4654).add(kind).add(socket).add(port).add(address, 0, address.length);
        addLong(madeAt);
        addLong(connection);
        return hash.value();
    }

    /** A proof that a flow token with this proof is valid beside this seal. */
    public long dialogFlowProof(long proof, long seal) {
        hash.reset().add(0x4644);
        addLong(proof);
        addLong(seal);
        return hash.value();
    }

    private void addLong(long number) {
        for (int shift = 0; shift < 64; shift += 16) {
            hash.add((int) (number >>> shift) & 0xffff);
        }
    }

    /**
     * A proof that this proxy or a node with the same secret wrote a challenger token.
     *
     * @param kind the letter of the token
     * @param name the short name of the destination
     * @param bytes contains, from {@code start} to {@code end}, the destination's own {@code opaque}
     */
    public long challengerProof(char kind, long name, byte[] bytes, int start, int end) {
        hash.reset().add(0x4350).add(kind);
        addLong(name);
        return hash.add(bytes, start, end).value();
    }

    /** 48 bits that hide the name in a challenger token, because outsiders could guess the address from its hash. */
    public long challengerMask(long proof) {
        hash.reset().add(0x434d);
        addLong(proof);
        return hash.value() >>> 16;
    }

    /** The hash of a sticky key: the same on every node with the same secret. */
    public long stickyKey(String text) {
        byte[] bytes = Ascii.bytes(text);
        return hash.reset().add(0x534b).add(bytes, 0, bytes.length).value();
    }

    /** The key of a ping that this proxy sends: number {@code number} of those with this seed. */
    public long pingKey(long seed, long number) {
        hash.reset().add(0x5049);
        addLong(seed);
        addLong(number);
        return hash.value();
    }

    /** The To tag of this proxy's own responses to the request with this key: always the same one. */
    public long replyTag(long key) {
        hash.reset().add(0x5447);
        addLong(key);
        return hash.value();
    }
}
