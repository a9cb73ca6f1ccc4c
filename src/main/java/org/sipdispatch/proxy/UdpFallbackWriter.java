package org.sipdispatch.proxy;

import org.sipdispatch.sip.Ascii;
import org.sipdispatch.sip.Branch;
import org.sipdispatch.sip.ByteWriter;
import org.sipdispatch.sip.MessageEditor;
import org.sipdispatch.sip.Parameters;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.transaction.ListenSocket;

/**
 * Writes a request that {@link ForwardedMessageWriter} wrote for TCP as it would have written it for UDP: with another
 * Via, Record-Route and Path. Reused; not thread-safe.
 */
final class UdpFallbackWriter {
    private static final String RECORD_ROUTE = "Record-Route: ";
    private static final String PATH = "Path: ";

    private final MessageEditor editor = new MessageEditor();

    /** Valid until the next request is written. */
    ByteWriter write(SipRequest sent, ListenSocket tcp, ListenSocket udp) {
        editor.begin(sent);
        int branch = Parameters.start(sent.topVia().parameter("branch"));
        editor.replace(sent.lineStart(0), branch).put(udp.viaStart());
        // What this proxy adds to a request follows its Via.
        if (isOwn(sent, RECORD_ROUTE + tcp.recordRouteStart(false))) {
            recordRoute(sent, tcp, udp);
        } else if (isOwn(sent, PATH + tcp.pathStart())) {
            int start = sent.lineStart(1) + PATH.length();
            editor.replace(start, start + tcp.pathStart().length()).put(udp.pathStart());
        }
        return editor.finish();
    }

    private static boolean isOwn(SipRequest request, String line) {
        if (request.headers() < 2) {
            return false;
        }
        int end = request.lineStart(1) + line.length();
        return end < request.lineEnd(1)
                && Ascii.text(request.bytes(), request.lineStart(1), end).equals(line);
    }

    /** There is a second Record-Route if the request arrived on another socket than the one that it leaves by. */
    private void recordRoute(SipRequest sent, ListenSocket tcp, ListenSocket udp) {
        int arrivedOn = Branch.of(sent.topVia()).socket();
        int start = sent.lineStart(1);
        int rest = start + RECORD_ROUTE.length() + tcp.recordRouteStart(false).length();
        if (arrivedOn == udp.index()) {
            editor.delete(start, sent.lineEnd(1));
        } else if (arrivedOn == tcp.index()) {
            editor.insert(start)
                    .put(RECORD_ROUTE)
                    .put(udp.recordRouteStart(false))
                    .put(sent.bytes(), rest, sent.lineEnd(1));
        } else {
            editor.replace(start, rest).put(RECORD_ROUTE).put(udp.recordRouteStart(false));
        }
    }
}
