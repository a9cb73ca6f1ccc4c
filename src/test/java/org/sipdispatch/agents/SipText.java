package org.sipdispatch.agents;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.ParseResult;
import org.sipdispatch.sip.SipMessage;
import org.sipdispatch.sip.SipParser;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipResponse;

/** Writes and reads messages as a user agent does. */
public final class SipText {
    private SipText() {}

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** An address as a URI or a Via holds it. */
    public static String hostPort(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        int zone = host.indexOf('%');
        host = zone < 0 ? host : host.substring(0, zone);
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    public static ParseResult parsed(byte[] bytes, int length) {
        return SipParser.parse(bytes, 0, length);
    }

    /** An answer to a request, its Vias and Record-Routes copied; {@code more} holds whole lines. */
    public static String response(SipRequest request, int code, String toTag, String... more) {
        StringBuilder text = new StringBuilder("SIP/2.0 " + code + " Because\r\n");
        for (HeaderName name : List.of(HeaderName.VIA, HeaderName.RECORD_ROUTE, HeaderName.FROM)) {
            values(request, name)
                    .forEach(value ->
                            text.append(name.text() + ": ").append(value).append("\r\n"));
        }
        text.append("To: ").append(request.text(HeaderName.TO));
        text.append(request.hasToTag() || code == 100 ? "\r\n" : ";tag=" + toTag + "\r\n");
        text.append("Call-ID: ").append(request.text(HeaderName.CALL_ID)).append("\r\n");
        text.append("CSeq: ").append(request.text(HeaderName.CSEQ)).append("\r\n");
        for (String line : more) {
            text.append(line).append("\r\n");
        }
        return text.append("Content-Length: 0\r\n\r\n").toString();
    }

    /** The lines of a header, as they came. */
    public static List<String> values(SipMessage message, HeaderName name) {
        List<String> values = new ArrayList<>();
        for (int i = message.first(name); i >= 0; i = message.next(name, i + 1)) {
            values.add(new String(
                    message.bytes(),
                    message.valueStart(i),
                    message.valueEnd(i) - message.valueStart(i),
                    StandardCharsets.ISO_8859_1));
        }
        return values;
    }

    /** The Route lines of the caller's requests in the dialog that a response begins (RFC 3261 section 12.1.2). */
    public static String routes(SipResponse response) {
        List<String> values = values(response, HeaderName.RECORD_ROUTE);
        Collections.reverse(values);
        StringBuilder routes = new StringBuilder();
        values.forEach(value -> routes.append("Route: ").append(value).append("\r\n"));
        return routes.toString();
    }

    public static String callId(SipMessage message) {
        return message.text(HeaderName.CALL_ID);
    }
}
