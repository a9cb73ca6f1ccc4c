package org.sipdispatch.routing;

import com.typesafe.config.ConfigFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.sipdispatch.settings.Section;
import org.sipdispatch.sip.Ascii;
import org.sipdispatch.sip.IpLiteral;
import org.sipdispatch.sip.SipParser;
import org.sipdispatch.sip.SipRequest;

/** Requests and configuration sections for tests. */
final class Facts {
    private Facts() {}

    static RequestFacts of(String method, String... headers) {
        return from("192.0.2.1", method, headers);
    }

    static RequestFacts from(String source, String method, String... headers) {
        return written(
                source,
                method + " sip:bob:pw@example.com:5070;user=phone SIP/2.0\r\n"
                        + "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKc1\r\n"
                        + "From: \"A\" <sip:alice@atlanta.example.com>;tag=a1\r\n"
                        + "To: <sip:carol@biloxi.example.com:5080>\r\n"
                        + "Call-ID: c1@192.0.2.1\r\n"
                        + "CSeq: 1 " + method + "\r\n"
                        + (headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n")
                        + "\r\n");
    }

    static RequestFacts written(String source, String text) {
        byte[] bytes = Ascii.bytes(text);
        SipRequest request = (SipRequest) SipParser.parse(bytes, 0, bytes.length);
        return new RequestFacts(request, new InetSocketAddress(address(source), 5062), "main", new FakeSets());
    }

    static InetAddress address(String text) {
        try {
            return InetAddress.getByAddress(IpLiteral.parse(text));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static Section section(String text) {
        return Section.root(ConfigFactory.parseString(text));
    }

    /** The conditions in this text, with {@code default} as the default partition. */
    static RequestMatcher matcher(String when) {
        return RequestMatcher.from(section(when), new SetListParser("default"));
    }

    /** The settings of reference.conf, overridden by this text. */
    static RoutingSettings settings(String text) {
        return RoutingSettings.from(
                Section.root(ConfigFactory.load(ConfigFactory.parseString("sip-dispatcher {" + text + "}"))
                        .getConfig("sip-dispatcher")));
    }
}
