package org.sipdispatch.sets;

import java.util.Set;
import org.sipdispatch.sip.Ascii;
import org.sipdispatch.sip.ByteWriter;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.NameAddr;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipUri;

/**
 * Extracts and hashes the part of a request that an algorithm hashes, as OpenSIPS 2.4.9 does. Reused; not thread-safe.
 */
public final class SelectionKey {
    /** The result if the request has no input to hash; the selection fails then. */
    public static final long MISSING = -1;

    private final OpensipsHash hash;
    private final ByteWriter recorded;
    private final Set<String> transports;

    /**
     * Creates an instance.
     *
     * @param signedBytes treat bytes above 127 as OpenSIPS does on x86; false: as on ARM
     * @param transports the transports that have a listening socket, in lower case. Only these have a default port that
     *     is omitted from the key, because in OpenSIPS a protocol that is not loaded has no default port
     */
    public SelectionKey(boolean signedBytes, Set<String> transports) {
        this(signedBytes, transports, null);
    }

    private SelectionKey(boolean signedBytes, Set<String> transports, ByteWriter recorded) {
        this.recorded = recorded;
        hash = new OpensipsHash(signedBytes, recorded);
        this.transports = Set.copyOf(transports);
    }

    /** Creates an instance that records the hashed text, see {@link #text}. */
    public static SelectionKey recording(boolean signedBytes, Set<String> transports) {
        return new SelectionKey(signedBytes, transports, new ByteWriter(128));
    }

    /**
     * The text that was hashed for the last key, for a URI the user followed by the host. Only for an instance that
     * records it, and only if the last key was not {@link #MISSING}.
     */
    public String text() {
        return Ascii.text(recorded.bytes(), 0, recorded.length());
    }

    /** The hash of a text, unsigned 32 bits; {@link #MISSING} if the text is blank. */
    public long ofText(String text) {
        byte[] bytes = Ascii.bytes(text.strip());
        return bytes.length == 0 ? MISSING : unsigned(hash.begin().add(bytes, 0, bytes.length));
    }

    public long ofCallId(SipRequest request) {
        int header = request.first(HeaderName.CALL_ID);
        return unsigned(hash.begin().add(request.bytes(), request.valueStart(header), request.valueEnd(header)));
    }

    public long ofAddress(NameAddr address, boolean userOnly) {
        return address == null ? MISSING : ofUri(address.uri(), userOnly);
    }

    /** The hash of user and host, and of the port unless it is the default port of the URI's transport. */
    public long ofUri(SipUri uri, boolean userOnly) {
        if (uri == null) {
            return MISSING;
        }
        byte[] bytes = uri.bytes();
        hash.begin().add(bytes, uri.userStart(), uri.userEnd());
        if (!userOnly) {
            hash.add(bytes, uri.hostStart(), portCounts(uri) ? uri.hostPortEnd() : uri.hostEnd());
        }
        return unsigned(hash);
    }

    private boolean portCounts(SipUri uri) {
        return uri.port() != SipUri.NO_PORT
                && (uri.port() != uri.defaultPort() || !transports.contains(uri.transport()));
    }

    /**
     * The hash of the digest user of Proxy-Authorization, else of Authorization, up to its {@code @}; {@link #MISSING}
     * if there is none.
     */
    public long ofAuthUser(SipRequest request) {
        String user = DigestUsername.user(request);
        return user == null || user.isEmpty() ? MISSING : ofText(user);
    }

    private static long unsigned(OpensipsHash hash) {
        return hash.value() & 0xffffffffL;
    }
}
