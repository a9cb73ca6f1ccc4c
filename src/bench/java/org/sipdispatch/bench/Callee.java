package org.sipdispatch.bench;

import java.io.IOException;
import org.sipdispatch.sip.Ascii;
import org.sipdispatch.sip.ByteWriter;

/** Answers each request with 200 at once, or stays silent. */
final class Callee implements Endpoint.Receiver {
    private static final byte[] OK = Ascii.bytes("SIP/2.0 200 OK\r\n");
    private static final byte[] TAG = Ascii.bytes(";tag=callee\r\n");
    private static final int LINE_END = 2;

    private final LoadPlan plan;
    private final ByteWriter out = new ByteWriter(4096);
    private Exchanges exchanges;

    Callee(LoadPlan plan, Sockets sockets) throws IOException {
        this.plan = plan;
        for (int port = plan.firstCallee(); port <= plan.lastCallee(); port++) {
            sockets.callee(port, this);
        }
    }

    void begin(Exchanges run) {
        exchanges = run;
    }

    @Override
    public void received(MessageView request, Endpoint from) throws IOException {
        if (request.isResponse()) {
            return;
        }
        exchanges.relayed();
        if (plan.oneWay()) {
            exchanges.complete(request.exchange());
        } else if (!request.startsWith("ACK ")) {
            answer(request, from);
        }
    }

    private void answer(MessageView request, Endpoint from) throws IOException {
        out.clear().put(OK);
        for (int line = request.firstLine(); request.isHeader(line); line = request.nextLine(line)) {
            Field field = request.field(line);
            int end = request.nextLine(line);
            if (field == Field.TO && request.after(';', line) < 0) {
                request.copy(out, line, end - LINE_END);
                out.put(TAG);
            } else if (field != null && field.isCopied()) {
                request.copy(out, line, end);
            }
        }
        out.put("Contact: ").put(plan.contact("callee", from.local())).put("\r\n");
        out.put(request.startsWith("INVITE ") ? LoadText.WITH_SDP : LoadText.WITHOUT_BODY);
        from.send(out);
    }
}
