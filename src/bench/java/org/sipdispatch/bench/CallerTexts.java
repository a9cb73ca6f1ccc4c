package org.sipdispatch.bench;

import java.net.InetSocketAddress;
import org.sipdispatch.sip.ByteWriter;

/** The requests of one caller. */
final class CallerTexts {
    private static final String TARGET = "sip:callee@dispatch.example.com";
    private static final String TO = "To: <" + TARGET + ">";
    private static final int MOST_ROUTES = 8;

    private final LoadPlan plan;
    private final InetSocketAddress local;
    private final RequestTemplate first;
    private final RequestTemplate ackOfRefusal;
    private final RequestTemplate ack;
    private final RequestTemplate bye;

    CallerTexts(LoadPlan plan, InetSocketAddress local) {
        this.plan = plan;
        this.local = local;
        Scenario scenario = plan.scenario();
        first = new RequestTemplate(first(scenario.method()));
        ackOfRefusal = new RequestTemplate(common("", "1 ACK") + LoadText.WITHOUT_BODY);
        ack = new RequestTemplate(common("ack", "1 ACK") + LoadText.WITHOUT_BODY);
        bye = new RequestTemplate(common("bye", "2 BYE") + LoadText.WITHOUT_BODY);
    }

    private String first(String method) {
        return method + " " + TARGET + " SIP/2.0\r\n"
                + common("", "1 " + method)
                + LoadText.lines(
                        TO,
                        "Contact: " + plan.contact("caller", local),
                        "Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, UPDATE")
                + (method.equals("INVITE") ? LoadText.WITH_SDP : LoadText.WITHOUT_BODY);
    }

    /** The header fields that all requests have. {@code kind}: makes the branch of each transaction a different one. */
    private String common(String kind, String cseq) {
        String address = LoadText.hostPort(local);
        return LoadText.lines(
                "Via: SIP/2.0/" + plan.viaTransport() + " " + address + ";branch=z9hG4bK" + kind + RequestTemplate.MIXED
                        + ";rport",
                "Max-Forwards: 70",
                "From: \"Caller\" <sip:caller@a.example.com>;tag=" + RequestTemplate.MIXED,
                "Call-ID: " + RequestTemplate.NUMBER + "-" + RequestTemplate.MIXED + "@127.0.0.1",
                "CSeq: " + cseq,
                "User-Agent: load");
    }

    /** Writes the request that begins an exchange. */
    void first(ByteWriter out, long exchange) {
        first.writeTo(out.clear(), exchange);
    }

    /** Writes the ACK for a response other than 2xx (RFC 3261 section 17.1.1.3). */
    void ackOfRefusal(ByteWriter out, long exchange, MessageView response) {
        out.clear().put("ACK ").put(TARGET).put(" SIP/2.0\r\n");
        putTo(out, response);
        ackOfRefusal.writeTo(out, exchange);
    }

    /** Writes the ACK for a 2xx. */
    void ack(ByteWriter out, long exchange, MessageView response) {
        inDialog(out, "ACK ", response);
        ack.writeTo(out, exchange);
    }

    void bye(ByteWriter out, long exchange, MessageView response) {
        inDialog(out, "BYE ", response);
        bye.writeTo(out, exchange);
    }

    /** The target is the Contact, and the route the Record-Route from below (RFC 3261 section 12.1.2). */
    private static void inDialog(ByteWriter out, String method, MessageView response) {
        out.clear().put(method);
        int contact = response.find(Field.CONTACT, response.firstLine());
        int start = contact < 0 ? -1 : response.after('<', contact);
        int end = contact < 0 ? -1 : response.after('>', contact);
        if (start > 0 && end > start) {
            response.copy(out, start, end - 1);
        } else {
            out.put(TARGET);
        }
        out.put(" SIP/2.0\r\n");
        int[] routes = new int[MOST_ROUTES];
        int count = 0;
        int line = response.find(Field.RECORD_ROUTE, response.firstLine());
        while (line >= 0 && count < MOST_ROUTES) {
            routes[count++] = line;
            line = response.find(Field.RECORD_ROUTE, response.nextLine(line));
        }
        for (int i = count - 1; i >= 0; i--) {
            out.put("Route:");
            response.copy(out, routes[i] + Field.RECORD_ROUTE.length(), response.nextLine(routes[i]));
        }
        putTo(out, response);
    }

    private static void putTo(ByteWriter out, MessageView response) {
        int line = response.find(Field.TO, response.firstLine());
        if (line < 0) {
            out.put(TO).put("\r\n");
        } else {
            response.copy(out, line, response.nextLine(line));
        }
    }
}
