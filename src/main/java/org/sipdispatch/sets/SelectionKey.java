package org.sipdispatch.sets;

import java.util.Set;
import org.sipdispatch.sip.Ascii;
import org.sipdispatch.sip.ByteWriter;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.NameAddr;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipUri;

/** Takes from a request what an algorithm hashes, as OpenSIPS 2.4.9 does. Reused, not thread-safe. */
public final class SelectionKey {
    /** What a key gives when the request lacks what is to be hashed: the selection fails. */
    public static final long MISSING = -1;

    private final OpensipsHash hash;
    private final ByteWriter heard;
    private final Set<String> transports;

    /**
     * Prepares to make keys.
     *
     * @param signedBytes hash bytes above 127 as OpenSIPS does on x86; false: as it does on ARM
     * @param transports the transports that have a listening socket, in lower case. As in OpenSIPS, where a protocol
     *     that is not loaded has no default port, only these have a default port that is left out of the key
     */
    public SelectionKey(boolean signedBytes, Set<String> transports) {
        this(signedBytes, transports, null);
    }

    private SelectionKey(boolean signedBytes, Set<String> transports, ByteWriter heard) {
        this.heard = heard;
        hash = new OpensipsHash(signedBytes, heard);
        this.transports = Set.copyOf(transports);
    }

    /** The same, for one who wants to know what was hashed, see {@link #text}. */
    public static SelectionKey remembering(boolean signedBytes, Set<String> transports) {
        return new SelectionKey(signedBytes, transports, new ByteWriter(128));
    }

    /**
     * What was hashed for the last key, user and host of a URI one behind the other, of a key that remembers; to be
     * asked for only where it was not MISSING.
     */
    public String text() {
        return Ascii.text(heard.bytes(), 0, heard.length());
    }

    /** The hash of a text that stands for the request, unsigned 32 bits; MISSING if it is blank. */
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

    /** User and host, with the port where it is not the default one of the URI's transport. */
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

    /** The digest user of Proxy-Authorization, else of Authorization, up to its {@code @}; MISSING if there is none. */
    public long ofAuthUser(SipRequest request) {
        String user = DigestUser.user(request);
        return user == null || user.isEmpty() ? MISSING : ofText(user);
    }

    private static long unsigned(OpensipsHash hash) {
        return hash.value() & 0xffffffffL;
    }
}
