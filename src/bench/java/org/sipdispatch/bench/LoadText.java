package org.sipdispatch.bench;

import java.net.InetSocketAddress;

/** Texts that callers and callees share. */
final class LoadText {
    static final String SDP = lines(
            "v=0",
            "o=- 20518 0 IN IP4 127.0.0.1",
            "s=-",
            "c=IN IP4 127.0.0.1",
            "t=0 0",
            "m=audio 40000 RTP/AVP 8 0 101",
            "a=rtpmap:8 PCMA/8000",
            "a=rtpmap:0 PCMU/8000",
            "a=rtpmap:101 telephone-event/8000",
            "a=fmtp:101 0-16",
            "a=sendrecv");

    /** The last header fields of a message, the empty line, and the body. */
    static final String WITH_SDP = lines("Content-Type: application/sdp", "Content-Length: " + SDP.length(), "") + SDP;

    static final String WITHOUT_BODY = lines("Content-Length: 0", "");

    private LoadText() {}

    /** Ends each line with CRLF. */
    static String lines(String... lines) {
        return String.join("\r\n", lines) + "\r\n";
    }

    static String hostPort(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }
}
