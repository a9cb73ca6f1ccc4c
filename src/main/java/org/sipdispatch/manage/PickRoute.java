package org.sipdispatch.manage;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sipdispatch.operations.ExplainRoute;
import org.sipdispatch.operations.OperationException;
import org.sipdispatch.operations.Operations;
import org.sipdispatch.sip.IpLiteral;

/** Shows where a request would be routed, and why. */
final class PickRoute {
    private static final String LOCAL_SOURCE = "127.0.0.1:5060";
    private static final int SIP_PORT = 5060;
    private static final int MOST_PORT = 65_535;
    private static final Pattern SOURCE = Pattern.compile("(\\[[^\\]]*\\]|[^:]*)(?::(\\d{1,5}))?");

    private final Operations operations;

    PickRoute(Operations operations) {
        this.operations = operations;
    }

    List<Endpoint> endpoints() {
        return List.of(Endpoint.post("/dispatcher/pick", Endpoint.json(this::pick, PickJson::of))
                .query("source", "socket"));
    }

    private CompletionStage<ExplainRoute.Explained> pick(ApiRequest ask) {
        if (ask.body().length == 0) {
            throw OperationException.bad("body", "nothing", "a SIP request");
        }
        return operations
                .explainRoute()
                .answer(
                        withLineEnds(ask.body()),
                        source(ask.query().text("source", LOCAL_SOURCE)),
                        ask.query().text("socket"));
    }

    /** Converts line ends to CRLF if there is none, and adds a missing empty line after the header. */
    static byte[] withLineEnds(byte[] request) {
        String text = new String(request, StandardCharsets.ISO_8859_1);
        if (!text.contains("\r\n")) {
            text = text.replace("\n", "\r\n");
        }
        while (!text.contains("\r\n\r\n")) {
            text += "\r\n";
        }
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /**
     * Parses {@code ip}, {@code ip:port} or {@code [ip6]:port}. Refuses names, because this route makes no DNS queries.
     */
    static InetSocketAddress source(String text) {
        Matcher parts = SOURCE.matcher(text);
        byte[] address = parts.matches() ? IpLiteral.parse(parts.group(1)) : IpLiteral.parse(text);
        int port = parts.matches() && parts.group(2) != null ? Integer.parseInt(parts.group(2)) : SIP_PORT;
        if (address == null || port > MOST_PORT) {
            throw OperationException.bad(
                    "source", text, "an address with a port, as 10.0.0.1:5060 or [2001:db8::1]:5060");
        }
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
