package org.sipdispatch.sip;

import static org.assertj.core.api.Assertions.assertThat;

import gov.nist.core.CommonLogger;
import gov.nist.core.NameValueList;
import gov.nist.javax.sip.address.TelURLImpl;
import gov.nist.javax.sip.message.SIPMessage;
import gov.nist.javax.sip.message.SIPRequest;
import gov.nist.javax.sip.message.SIPResponse;
import gov.nist.javax.sip.parser.StringMsgParser;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import javax.sip.address.Address;
import javax.sip.address.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Parses valid messages like the JAIN-SIP reference implementation. */
class DifferentialTest {
    private static final int MESSAGES = 3_000;

    static {
        CommonLogger.useLegacyLogger = true;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void bothParsersReadTheSameFields(long seed) throws ParseException {
        ValidMessages messages = new ValidMessages(seed);
        List<String> disagreements = new ArrayList<>();

        for (int i = 0; i < MESSAGES; i++) {
            disagreements.addAll(disagreements(messages.next()));
        }

        assertThat(disagreements).isEmpty();
    }

    private static List<String> disagreements(byte[] bytes) {
        ParseResult ours = SipParser.parse(bytes, 0, bytes.length);
        if (!(ours instanceof SipMessage message)) {
            return List.of(ours + " for " + Ascii.text(bytes, 0, bytes.length));
        }
        try {
            List<String> local = fields(message);
            List<String> there = fields(jain(unfolded(message)));
            return local.equals(there)
                    ? List.of()
                    : List.of("JAIN-SIP reads " + there + ", we read " + local + " from " + message);
        } catch (ParseException e) {
            return List.of("JAIN-SIP refuses: " + e.getMessage() + " in " + message);
        }
    }

    /** JAIN-SIP joins folded lines without the space that a fold represents (RFC 3261 section 7.3.1). */
    private static byte[] unfolded(SipMessage message) {
        String text = new String(
                message.bytes(), message.start(), message.end() - message.start(), StandardCharsets.ISO_8859_1);
        int body = message.bodyStart() - message.start();
        String head = text.substring(0, body).replaceAll("\r\n[ \t]+", " ");
        return (head + text.substring(body)).getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void everySeedGivesItsOwnMessages() {
        assertThat(new ValidMessages(1).next()).isNotEqualTo(new ValidMessages(2).next());
    }

    private static SIPMessage jain(byte[] bytes) throws ParseException {
        return new StringMsgParser().parseSIPMessage(bytes, true, false, (ex, message, type, header, text) -> {
            throw ex;
        });
    }

    private static List<String> fields(SipMessage message) {
        List<String> fields = new ArrayList<>();
        if (message instanceof SipRequest request) {
            fields.add(request.method());
            fields.add("R-URI " + uri(request.requestUri()));
            fields.add("Max-Forwards " + request.maxForwards());
        } else {
            fields.add("status " + ((SipResponse) message).status());
        }
        for (int i = message.first(HeaderName.VIA); i >= 0; i = message.next(HeaderName.VIA, i + 1)) {
            for (int at = message.valueStart(i); at < message.valueEnd(i); ) {
                Via via = Via.parse(message.bytes(), at, message.valueEnd(i));
                fields.add(via(via));
                at = via.end() + 1;
            }
        }
        for (int i = message.first(HeaderName.ROUTE); i >= 0; i = message.next(HeaderName.ROUTE, i + 1)) {
            for (int at = message.valueStart(i); at < message.valueEnd(i); ) {
                NameAddr route = NameAddr.parse(message.bytes(), at, message.valueEnd(i));
                fields.add("Route " + uri(route.uri()));
                at = route.end() + 1;
            }
        }
        fields.add("From " + uri(message.from().uri()) + " " + message.from().tagText());
        fields.add("To " + uri(message.to().uri()) + " " + message.to().tagText());
        fields.add("Call-ID " + message.text(HeaderName.CALL_ID));
        fields.add("CSeq " + message.cseqNumber() + " " + message.cseqMethodText());
        fields.add("body "
                + new String(
                        message.bytes(),
                        message.bodyStart(),
                        message.end() - message.bodyStart(),
                        StandardCharsets.ISO_8859_1));
        return fields;
    }

    private static String via(Via via) {
        return "Via " + via.transport() + " " + via.host().toLowerCase(Locale.ROOT) + " " + via.port() + " "
                + via.parameterText("branch") + " " + via.parameterText("received") + " "
                + (via.parameterText("rport") == null ? "none" : via.parameterText("rport"));
    }

    private static String uri(SipUri uri) {
        if (uri == null) {
            return "MALFORMED";
        }
        String port = uri.port() + "";
        StringBuilder text = new StringBuilder(uri.scheme() + " " + uri.user() + " " + uri.hasPassword() + " "
                + uri.host().toLowerCase(Locale.ROOT) + " " + port);
        for (String parameter : uri.parametersText().split(";")) {
            if (!parameter.isEmpty()) {
                String name = parameter.split("=")[0].toLowerCase(Locale.ROOT);
                text.append(' ').append(name).append('=').append(uri.parameterText(name));
            }
        }
        return text.toString();
    }

    private static List<String> fields(SIPMessage message) {
        List<String> fields = new ArrayList<>();
        if (message instanceof SIPRequest request) {
            fields.add(request.getMethod());
            fields.add("R-URI " + uri(request.getRequestURI()));
            fields.add("Max-Forwards "
                    + (request.getMaxForwards() == null
                            ? -1
                            : request.getMaxForwards().getMaxForwards()));
        } else {
            fields.add("status " + ((SIPResponse) message).getStatusCode());
        }
        for (gov.nist.javax.sip.header.Via via : message.getViaHeaders()) {
            fields.add(via(via));
        }
        if (message.getRouteHeaders() != null) {
            for (gov.nist.javax.sip.header.Route route : message.getRouteHeaders()) {
                fields.add("Route " + uri(route.getAddress().getURI()));
            }
        }
        fields.add("From " + uri(message.getFrom().getAddress()) + " "
                + trimmed(message.getFrom().getTag()));
        fields.add("To " + uri(message.getTo().getAddress()) + " "
                + trimmed(message.getTo().getTag()));
        fields.add("Call-ID " + message.getCallId().getCallId());
        fields.add("CSeq " + message.getCSeq().getSeqNumber() + " "
                + message.getCSeq().getMethod());
        byte[] body = message.getRawContent();
        fields.add("body " + (body == null ? "" : new String(body, StandardCharsets.ISO_8859_1)));
        return fields;
    }

    private static String via(gov.nist.javax.sip.header.Via via) {
        return "Via " + via.getTransport() + " " + via.getHost().toLowerCase(Locale.ROOT) + " " + via.getPort() + " "
                + trimmed(via.getBranch()) + " " + trimmed(via.getReceived()) + " "
                + (via.hasParameter("rport") ? Objects.toString(trimmed(via.getParameter("rport")), "") : "none");
    }

    /** JAIN-SIP keeps the white space between a parameter's value and the next semicolon. */
    private static String trimmed(String value) {
        return value == null ? null : value.trim();
    }

    private static String uri(Address address) {
        return uri(address.getURI());
    }

    private static String uri(URI uri) {
        if (uri instanceof TelURLImpl tel) {
            return "TEL " + (tel.isGlobal() ? "+" : "") + tel.getPhoneNumber() + " false  -1";
        }
        gov.nist.javax.sip.address.SipUri sip = (gov.nist.javax.sip.address.SipUri) uri;
        StringBuilder text = new StringBuilder(sip.getScheme().toUpperCase(Locale.ROOT) + " "
                + (sip.getUser() == null ? "" : sip.getUser()) + " " + (sip.getUserPassword() != null) + " "
                + sip.getHost().toLowerCase(Locale.ROOT) + " " + sip.getPort());
        NameValueList parameters = sip.getParameters();
        for (Iterator<String> names = parameters.getNames(); names.hasNext(); ) {
            String name = names.next();
            text.append(' ').append(name.toLowerCase(Locale.ROOT)).append('=').append(sip.getParameter(name));
        }
        return text.toString();
    }
}
