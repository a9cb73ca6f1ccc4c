package org.sipdispatch.sip;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Generates valid messages in the many forms that RFC 3261 allows; the same seed gives the same messages. */
final class ValidMessages {
    private static final String[] METHODS = {
        "INVITE",
        "ACK",
        "BYE",
        "CANCEL",
        "OPTIONS",
        "REGISTER",
        "MESSAGE",
        "INFO",
        "SUBSCRIBE",
        "NOTIFY",
        "UPDATE",
        "PRACK",
        "REFER",
        "PUBLISH",
        "NEWMETHOD",
        "x-y.z"
    };
    private static final String[] TRANSPORTS = {"UDP", "TCP", "TLS", "SCTP", "WS", "WSS", "udp", "Tcp"};
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final String DIGITS = "0123456789";
    private static final String TOKEN = LETTERS + DIGITS + "-.!%*_+`'~";
    private static final String UNRESERVED = LETTERS + DIGITS + "-_.!~*'()";

    private final Random random;
    private String method;

    ValidMessages(long seed) {
        random = new Random(seed);
    }

    byte[] next() {
        method = one(METHODS);
        String body = chance(2) ? "" : text(random.nextInt(80), UNRESERVED + " \r\n\t;:<>\"\0ä€");
        List<String> headers = new ArrayList<>();
        headers.add(header("From", chance(8) ? null : "f", address() + parameters(tag())));
        headers.add(header("To", "t", address() + (chance(2) ? parameters(tag()) : parameters(null))));
        headers.add(header("Call-ID", "i", callId()));
        headers.add(header("CSeq", null, number(Integer.MAX_VALUE) + someSpace() + method));
        headers.add(header("Content-Length", "l", zeros() + Ascii.bytes(body).length));
        if (!chance(6)) {
            headers.add(header("Max-Forwards", null, number(256)));
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            headers.add(unknown());
        }
        if (!body.isEmpty()) {
            headers.add(header("Content-Type", "c", "application/x-any"));
        }
        Collections.shuffle(headers, random);
        scatter(headers, list("Via", "v", this::via, 1 + random.nextInt(5)));
        scatter(headers, list("Route", null, this::route, random.nextInt(4)));
        return Ascii.bytes(startLine() + String.join("", headers) + "\r\n" + body);
    }

    /** Inserts rows at random positions among the headers, keeping their order. */
    private void scatter(List<String> headers, List<String> rows) {
        int at = 0;
        for (String row : rows) {
            at += random.nextInt(headers.size() - at + 1);
            headers.add(at++, row);
        }
    }

    private List<String> list(String name, String compact, Supplier<String> value, int count) {
        List<String> rows = new ArrayList<>();
        for (int left = count; left > 0; ) {
            StringBuilder values = new StringBuilder(value.get());
            for (left--; left > 0 && chance(2); left--) {
                values.append(space()).append(',').append(space()).append(value.get());
            }
            rows.add(header(name, compact, values.toString()));
        }
        return rows;
    }

    private String startLine() {
        if (chance(4)) {
            return "SIP/2.0 " + (100 + random.nextInt(600)) + " " + text(random.nextInt(20), UNRESERVED + " ä")
                    + "\r\n";
        }
        return method + " " + (chance(8) ? tel() : uri(false)) + " SIP/2.0\r\n";
    }

    private String header(String name, String compact, String value) {
        String written = compact != null && chance(3) ? compact : name;
        return mixed(written) + one("", "", " ", "\t", "  ") + ":" + space() + value + one("", "", " ") + "\r\n";
    }

    private String unknown() {
        return header(
                "X-" + token(8),
                null,
                text(random.nextInt(30), UNRESERVED + "<>@,;:\\\"/[]?={}% ").trim());
    }

    private String via() {
        String slash = chance(5) ? someOrNo() + "/" + someOrNo() : "/";
        StringBuilder via = new StringBuilder("SIP" + slash + "2.0" + slash + one(TRANSPORTS));
        via.append(someSpace()).append(host());
        if (chance(2)) {
            via.append(chance(6) ? " : " : ":").append(1 + random.nextInt(65535));
        }
        List<String> parameters = new ArrayList<>();
        if (!chance(6)) {
            parameters.add(mixed("branch") + equal() + "z9hG4bK" + token(12));
        }
        if (chance(3)) {
            parameters.add("received" + equal() + one("192.0.2.4", "10.1.2.3", "2001:db8::9:255"));
        }
        if (chance(3)) {
            parameters.add("rport" + (chance(2) ? "" : equal() + (1 + random.nextInt(65535))));
        }
        extensions(parameters);
        return via + tail(parameters);
    }

    private String route() {
        return (chance(3) ? display() : "") + "<" + uri(true) + ">" + parameters(null);
    }

    private String address() {
        if (chance(4)) {
            // Comma, question mark and semicolon need brackets (RFC 3261 section 20.10).
            return one("sip:", "sips:", "SIP:") + user().replaceAll("[,?;]", "=") + "@" + host();
        }
        return (chance(2) ? display() : "") + "<" + (chance(8) ? tel() : uri(true)) + ">";
    }

    private String display() {
        if (chance(3)) {
            return words() + someSpace();
        }
        return "\"" + quoted() + "\"" + space();
    }

    private String words() {
        return chance(2) ? word() : word() + someSpace() + word();
    }

    private String word() {
        return text(1, LETTERS) + text(random.nextInt(6), LETTERS + DIGITS + "-.!%*_+`'~");
    }

    private String quoted() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            text.append(one("\\\"", "\\\\", "<", ">", ";", ",", "@", "sip:x", "tag=no", " ", "a", "B", "ü", "%22"));
        }
        return text.toString();
    }

    private String tag() {
        return mixed("tag") + equal() + token(10);
    }

    private String parameters(String tag) {
        List<String> parameters = new ArrayList<>();
        if (tag != null) {
            parameters.add(tag);
        }
        extensions(parameters);
        return tail(parameters);
    }

    private void extensions(List<String> parameters) {
        for (int i = random.nextInt(3); i > 0; i--) {
            // An IPv6 reference is also valid here, but JAIN-SIP rejects it as the value of a header parameter.
            String value = one("", equal() + token(5), equal() + "192.0.2.3", equal() + "\"" + quoted() + "\"");
            parameters.add("x" + i + text(3, LETTERS) + value);
        }
    }

    private String tail(List<String> parameters) {
        Collections.shuffle(parameters, random);
        StringBuilder tail = new StringBuilder();
        for (String parameter : parameters) {
            tail.append(someOrNo()).append(';').append(someOrNo()).append(parameter);
        }
        return tail.toString();
    }

    private String uri(boolean inBrackets) {
        StringBuilder uri = new StringBuilder(one("sip:", "sips:", "SIP:", "Sips:"));
        if (!chance(5)) {
            uri.append(user());
            if (chance(6)) {
                uri.append(':').append(text(random.nextInt(6), UNRESERVED + "&=+$,"));
            }
            uri.append('@');
        }
        uri.append(host());
        if (chance(2)) {
            uri.append(':').append(1 + random.nextInt(65535));
        }
        if (chance(3)) {
            uri.append(';').append(mixed("transport")).append('=').append(one(TRANSPORTS));
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            uri.append(";p").append(i).append(text(2, UNRESERVED + "[]/:&+$"));
            uri.append(chance(2) ? "" : "=" + text(1 + random.nextInt(5), UNRESERVED + "[]/:&+$"));
        }
        uri.append(chance(3) ? ";lr" : "");
        return uri + (inBrackets && chance(8) ? "?subject=x%20y&priority=urgent" : "");
    }

    private String user() {
        StringBuilder user = new StringBuilder(text(1, LETTERS));
        for (int i = random.nextInt(8); i > 0; i--) {
            user.append(chance(6) ? one("%40", "%3A", "%00", "%20") : text(1, UNRESERVED + "&=+$,;?/"));
        }
        return chance(6) ? "+" + text(9, DIGITS) : user.toString();
    }

    private String tel() {
        return "tel:+" + text(1, DIGITS) + text(random.nextInt(10), DIGITS + "-.()") + text(1, DIGITS);
    }

    private String host() {
        return one(
                "example.com",
                "h",
                "a-b.c1.Example.ORG",
                "192.0.2." + random.nextInt(256),
                "[2001:db8::" + Integer.toHexString(random.nextInt(0xffff)) + "]",
                "[::ffff:192.0.2.1]",
                "[2001:DB8:1:2:3:4:5:6]");
    }

    private String callId() {
        String word = text(1 + random.nextInt(20), LETTERS + DIGITS + "-.!%*_+`'~()<>:\\\"/[]?{}");
        return chance(2) ? word : word + "@" + host();
    }

    private String number(int bound) {
        return zeros() + random.nextInt(bound);
    }

    private String zeros() {
        return one("", "", "", "0", "00");
    }

    private String equal() {
        return chance(5) ? someOrNo() + "=" + someOrNo() : "=";
    }

    private String token(int most) {
        return text(1 + random.nextInt(most), TOKEN);
    }

    private String space() {
        return one("", " ", " ", " ", "\t", "  ", "\r\n ", " \r\n\t ");
    }

    private String someSpace() {
        return one(" ", " ", " ", "  ", "\t", "\r\n ");
    }

    private String someOrNo() {
        return one("", "", "", " ", "\r\n ");
    }

    private String mixed(String text) {
        StringBuilder mixed = new StringBuilder(text);
        if (chance(2)) {
            return text;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            mixed.setCharAt(i, chance(2) ? Character.toUpperCase(c) : Character.toLowerCase(c));
        }
        return mixed.toString();
    }

    private String text(int length, String alphabet) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    private String one(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private boolean chance(int oneIn) {
        return random.nextInt(oneIn) == 0;
    }
}
