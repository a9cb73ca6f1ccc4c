package org.sipdispatch.proxy;

import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.SetView;
import org.sipdispatch.sip.ByteWriter;
import org.sipdispatch.sip.DigestParameter;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.MessageEditor;
import org.sipdispatch.sip.SipMessage;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipResponse;
import org.sipdispatch.sip.TransactionKey;

/**
 * The challenger tokens in challenges: they name the destination that sent the challenge, so that the credentials that
 * answer it find that destination on any node with the same secret, without any memory. A token is written in front of
 * the {@code opaque} of the challenge, which a client returns unchanged and which no digest covers (RFC 7616 section
 * 3.4). It is removed from the credentials, so the destination gets its own {@code opaque}. A token consists of one
 * letter, the masked name of the destination, and a keyed hash of both that also covers the {@code opaque}. Not
 * thread-safe.
 */
final class ChallengerTokens {
    /** The result of {@link #read} if the credentials have no valid token. */
    static final long NONE = -1;

    /** The challenge had an {@code opaque}. */
    private static final char PREFIX = 'p';
    /** The challenge had none: the whole parameter is ours. */
    private static final char ADDED = 'a';

    private static final int NAME_DIGITS = 8;
    private static final int PROOF_DIGITS = 6;
    private static final int LENGTH = 1 + NAME_DIGITS + PROOF_DIGITS;
    private static final long PROOF_BITS = (1L << 6 * PROOF_DIGITS) - 1;

    private final TransactionKey keys;

    ChallengerTokens(TransactionKey keys) {
        this.keys = keys;
    }

    /** Text to be inserted at a position of a response. */
    record Insertion(int at, String text) {}

    /**
     * The insertion that adds the token to a challenge; null if the header field is not one digest challenge. A field
     * with several challenges stays as it is.
     */
    Insertion token(SipResponse response, int header, Destination challenger) {
        if (!isChallenge(response, header)
                || !DigestParameter.isOnlyChallenge(
                        response.bytes(), response.valueStart(header), response.valueEnd(header))) {
            return null;
        }
        DigestParameter opaque = parameter(response, header, "opaque");
        if (opaque != null) {
            return new Insertion(
                    opaque.start(), token(PREFIX, challenger, response.bytes(), opaque.start(), opaque.end()));
        }
        // Without a nonce it is no complete challenge, or its parameters are malformed.
        return parameter(response, header, "nonce") == null
                ? null
                : new Insertion(
                        response.valueEnd(header),
                        ", opaque=\"" + token(ADDED, challenger, response.bytes(), 0, 0) + "\"");
    }

    /** Whether the header field contains a challenge. */
    static boolean isChallenge(SipResponse response, int header) {
        return response.isNamed(header, "www-authenticate") || response.isNamed(header, "proxy-authenticate");
    }

    private static DigestParameter parameter(SipMessage message, int header, String name) {
        return DigestParameter.find(message.bytes(), message.valueStart(header), message.valueEnd(header), name);
    }

    private String token(char kind, Destination challenger, byte[] bytes, int start, int end) {
        long name = SetView.shortName(challenger);
        long proof = keys.challengerProof(kind, name, bytes, start, end) & PROOF_BITS;
        ByteWriter text = new ByteWriter(LENGTH);
        text.put(kind).putBase64(name ^ keys.challengerMask(proof), NAME_DIGITS).putBase64(proof, PROOF_DIGITS);
        return text.toString();
    }

    /** Whether the header field contains credentials. */
    static boolean hasCredentials(SipRequest request, int header) {
        HeaderName name = request.name(header);
        return name == HeaderName.AUTHORIZATION || name == HeaderName.PROXY_AUTHORIZATION;
    }

    /** The short name of the destination whose challenge these credentials answer, or {@link #NONE}. */
    long read(SipRequest request, int header) {
        DigestParameter opaque = parameter(request, header, "opaque");
        return opaque == null ? NONE : read(request.bytes(), opaque);
    }

    private long read(byte[] bytes, DigestParameter opaque) {
        int at = opaque.start();
        if (opaque.end() - at < LENGTH || bytes[at] != PREFIX && bytes[at] != ADDED) {
            return NONE;
        }
        long masked = ByteWriter.readBase64(bytes, at + 1, NAME_DIGITS);
        long proof = ByteWriter.readBase64(bytes, at + 1 + NAME_DIGITS, PROOF_DIGITS);
        if (masked < 0 || proof < 0 || bytes[at] == ADDED && opaque.end() - at > LENGTH) {
            return NONE;
        }
        long name = masked ^ keys.challengerMask(proof);
        long expected = keys.challengerProof((char) bytes[at], name, bytes, at + LENGTH, opaque.end()) & PROOF_BITS;
        return expected == proof ? name : NONE;
    }

    /** Removes our tokens from the credentials of a request that is forwarded. */
    void remove(SipRequest request, MessageEditor editor) {
        for (int i = 0; i < request.headers(); i++) {
            if (hasCredentials(request, i)) {
                remove(request, i, editor);
            }
        }
    }

    private void remove(SipRequest request, int header, MessageEditor editor) {
        DigestParameter opaque = parameter(request, header, "opaque");
        if (opaque == null || read(request.bytes(), opaque) == NONE) {
            return;
        }
        if (request.bytes()[opaque.start()] == ADDED) {
            editor.delete(opaque.cutStart(), opaque.cutEnd());
        } else {
            editor.delete(opaque.start(), opaque.start() + LENGTH);
        }
    }
}
