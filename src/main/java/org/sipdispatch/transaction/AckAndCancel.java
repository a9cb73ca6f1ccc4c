package org.sipdispatch.transaction;

import org.sipdispatch.sip.ByteWriter;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipResponse;

/** Writes the ACK and the CANCEL of a sent INVITE (RFC 3261 sections 17.1.1.3 and 9.1). */
final class AckAndCancel {
    private AckAndCancel() {}

    /**
     * Writes an ACK or CANCEL for one branch.
     *
     * @param sent the INVITE as it was sent
     * @param method ACK or CANCEL
     * @param answered the final response, whose To is used; null for a CANCEL
     */
    static byte[] write(SipRequest sent, String method, SipResponse answered) {
        byte[] bytes = sent.bytes();
        ByteWriter out = new ByteWriter(512);
        out.put(method).put(' ').put(bytes, sent.uriStart(), sent.uriEnd()).put(" SIP/2.0\r\n");
        int via = sent.first(HeaderName.VIA);
        out.put(bytes, sent.lineStart(via), sent.lineEnd(via));
        for (int i = 0; i < sent.headers(); i++) {
            switch (sent.name(i)) {
                case FROM, CALL_ID, ROUTE -> out.put(bytes, sent.lineStart(i), sent.lineEnd(i));
                case TO -> to(out, sent, i, answered);
                default -> {}
            }
        }
        out.put("CSeq: ").put(Long.toString(sent.cseqNumber())).put(' ').put(method);
        return out.put("\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n").copy();
    }

    private static void to(ByteWriter out, SipRequest sent, int header, SipResponse answered) {
        if (answered == null) {
            out.put(sent.bytes(), sent.lineStart(header), sent.lineEnd(header));
        } else {
            int to = answered.first(HeaderName.TO);
            out.put(answered.bytes(), answered.lineStart(to), answered.lineEnd(to));
        }
    }
}
