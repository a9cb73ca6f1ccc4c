package org.sipdispatch.transport;

import java.nio.ByteBuffer;
import java.util.Map;
import javax.net.ssl.SSLException;

/**
 * An alert that arrives unencrypted where the engine expects encrypted records. A client of TLS 1.3 that refuses this
 * node's certificate may send it so, as OpenSSL does; Java only says that the record is too short.
 */
final class UnencryptedAlert {
    /** The header of a record, and an alert of two bytes (RFC 8446 sections 5.1 and 6). */
    private static final int LENGTH = 5 + 2;

    private static final byte ALERT = 21;
    private static final byte VERSION = 3;
    private static final byte CONTENT = 2;
    private static final int WARNING = 1;
    private static final int FATAL = 2;

    /** The alerts of RFC 8446 section 6, except close_notify, which refuses nothing. */
    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(10, "unexpected_message"),
            Map.entry(20, "bad_record_mac"),
            Map.entry(22, "record_overflow"),
            Map.entry(40, "handshake_failure"),
            Map.entry(42, "bad_certificate"),
            Map.entry(43, "unsupported_certificate"),
            Map.entry(44, "certificate_revoked"),
            Map.entry(45, "certificate_expired"),
            Map.entry(46, "certificate_unknown"),
            Map.entry(47, "illegal_parameter"),
            Map.entry(48, "unknown_ca"),
            Map.entry(49, "access_denied"),
            Map.entry(50, "decode_error"),
            Map.entry(51, "decrypt_error"),
            Map.entry(70, "protocol_version"),
            Map.entry(71, "insufficient_security"),
            Map.entry(80, "internal_error"),
            Map.entry(86, "inappropriate_fallback"),
            Map.entry(90, "user_canceled"),
            Map.entry(109, "missing_extension"),
            Map.entry(110, "unsupported_extension"),
            Map.entry(112, "unrecognized_name"),
            Map.entry(113, "bad_certificate_status_response"),
            Map.entry(115, "unknown_psk_identity"),
            Map.entry(116, "certificate_required"),
            Map.entry(120, "no_application_protocol"));

    private UnencryptedAlert() {}

    /**
     * The failure of a handshake that could not continue with this record: the alert if the record is an unencrypted
     * one, otherwise {@code failure}.
     *
     * @param at where the record begins in {@code received}
     */
    static SSLException reason(ByteBuffer received, int at, SSLException failure) {
        if (received.limit() - at < LENGTH
                || received.get(at) != ALERT
                || received.get(at + 1) != VERSION
                || received.get(at + 3) != 0
                || received.get(at + 4) != CONTENT) {
            return failure;
        }
        int level = received.get(at + 5);
        String name = NAMES.get(received.get(at + 6) & 0xff);
        return name == null || level != WARNING && level != FATAL
                ? failure
                : new SSLException("Received fatal alert: " + name + ", unencrypted");
    }
}
