package org.sipdispatch.bench;

import java.io.IOException;
import org.sipdispatch.sip.ByteWriter;

/** Begins exchanges and continues them when responses arrive. Repeats nothing: what is lost has failed. */
final class Caller implements Endpoint.Receiver {
    private static final int TRYING = 100;
    private static final int OK = 200;
    private static final int REDIRECT = 300;

    private final LoadPlan plan;
    private final Endpoint[] endpoints;
    private final CallerTexts[] texts;
    private final ByteWriter out = new ByteWriter(4096);
    private Exchanges exchanges;

    Caller(LoadPlan plan, Sockets sockets) throws IOException {
        this.plan = plan;
        endpoints = new Endpoint[plan.callers()];
        texts = new CallerTexts[plan.callers()];
        for (int i = 0; i < endpoints.length; i++) {
            endpoints[i] = sockets.caller(this);
            texts[i] = new CallerTexts(plan, endpoints[i].local());
        }
    }

    void begin(Exchanges run) {
        exchanges = run;
    }

    /** Begins an exchange that is due at this time, by {@link System#nanoTime}. */
    void start(long planned) throws IOException {
        long exchange = exchanges.start(planned);
        int caller = caller(exchange);
        texts[caller].first(out, exchange);
        endpoints[caller].send(out);
    }

    private int caller(long exchange) {
        return (int) Long.remainderUnsigned(exchange, endpoints.length);
    }

    @Override
    public void received(MessageView response, Endpoint from) throws IOException {
        int status = response.isResponse() ? response.status() : TRYING;
        if (status < OK) {
            return;
        }
        long exchange = response.exchange();
        if (status < REDIRECT) {
            exchanges.relayed();
            succeeded(exchange, response, from);
        } else {
            exchanges.refuse(exchange, status);
            if (response.endsWith(Field.CSEQ, "INVITE")) {
                texts[caller(exchange)].ackOfRefusal(out, exchange, response);
                from.send(out);
            }
        }
    }

    private void succeeded(long exchange, MessageView response, Endpoint from) throws IOException {
        if (plan.scenario() != Scenario.CALL || response.endsWith(Field.CSEQ, "BYE")) {
            exchanges.complete(exchange);
        } else if (exchanges.answered(exchange)) {
            CallerTexts of = texts[caller(exchange)];
            of.ack(out, exchange, response);
            from.send(out);
            of.bye(out, exchange, response);
            from.send(out);
        }
    }
}
