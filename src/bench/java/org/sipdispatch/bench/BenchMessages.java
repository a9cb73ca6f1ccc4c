package org.sipdispatch.bench;

import org.sipdispatch.sip.Ascii;

/** The requests of the microbenchmarks, by name. */
public final class BenchMessages {
    /** An OPTIONS without a body, about 500 bytes. */
    public static final String OPTIONS = "options";

    /** An INVITE with SDP, about 800 bytes. */
    public static final String INVITE = "invite";

    /** An INVITE of 3 KB with about 50 header fields, as it arrives after several proxies. */
    public static final String LARGE = "large";

    /** The INVITE with Proxy-Authorization. */
    public static final String AUTHORIZED = "authorized";

    private static final int LARGE_BYTES = 3 * 1024;

    private BenchMessages() {}

    /** The bytes of a request. */
    public static byte[] bytes(String name) {
        return Ascii.bytes(text(name)
                .replace(RequestTemplate.NUMBER, "0000018f3a2b4c5d")
                .replace(RequestTemplate.MIXED, "5f1c0e9ab37d2468"));
    }

    /** The text of a request, with the placeholders of {@link RequestTemplate}. */
    public static String text(String name) {
        return switch (name) {
            case OPTIONS -> request("OPTIONS") + LoadText.WITHOUT_BODY;
            case INVITE -> request("INVITE") + LoadText.WITH_SDP;
            case LARGE -> large();
            case AUTHORIZED ->
                request("INVITE")
                        + LoadText.lines("Proxy-Authorization: Digest username=\"caller\", realm=\"a.example.com\","
                                + " nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", uri=\"sip:callee@dispatch.example.com\","
                                + " response=\"6629fae49393a05397450978507c4ef1\", algorithm=MD5")
                        + LoadText.WITH_SDP;
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static String request(String method) {
        return method + " sip:callee@dispatch.example.com SIP/2.0\r\n"
                + LoadText.lines(
                        "Via: SIP/2.0/UDP 127.0.0.1:40000;branch=z9hG4bK" + RequestTemplate.MIXED + ";rport",
                        "Max-Forwards: 70",
                        "From: \"Caller\" <sip:caller@a.example.com>;tag=" + RequestTemplate.MIXED,
                        "To: <sip:callee@dispatch.example.com>",
                        "Call-ID: " + RequestTemplate.NUMBER + "-" + RequestTemplate.MIXED + "@127.0.0.1",
                        "CSeq: 1 " + method,
                        "Contact: <sip:caller@127.0.0.1:40000>",
                        "User-Agent: load",
                        "Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, UPDATE");
    }

    private static String large() {
        StringBuilder head = new StringBuilder(request("INVITE"))
                .append(LoadText.lines(
                        "Via: SIP/2.0/UDP 198.51.100.7:5060;branch=z9hG4bK7d1e5b0c;received=198.51.100.7;rport=5060",
                        "Via: SIP/2.0/TCP 203.0.113.20:5060;branch=z9hG4bKa8f3;alias",
                        "Record-Route: <sip:198.51.100.7;lr;ftag=88a1>",
                        "Record-Route: <sip:203.0.113.20;transport=tcp;lr>",
                        "P-Asserted-Identity: \"Caller\" <sip:+4930123456@a.example.com;user=phone>",
                        "P-Charging-Vector: icid-value=\"4f1c9a\";orig-ioi=a.example.com",
                        "Diversion: <sip:+4930999999@a.example.com>;reason=unconditional;counter=1",
                        "History-Info: <sip:+4930999999@a.example.com>;index=1",
                        "Session-Expires: 1800;refresher=uac",
                        "Min-SE: 90",
                        "Supported: timer, replaces, path, outbound, histinfo",
                        "Accept: application/sdp, application/isup",
                        "Accept-Language: de, en;q=0.8"));
        for (int i = 0; head.length() < LARGE_BYTES - LoadText.WITH_SDP.length(); i++) {
            head.append("X-Carrier-Info-")
                    .append(i)
                    .append(": trunk-group=")
                    .append(i)
                    .append(";hop=4;cost=12\r\n");
        }
        return head + LoadText.WITH_SDP;
    }
}
