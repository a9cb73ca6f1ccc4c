package org.sipdispatch.bench;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.sipdispatch.sip.ByteWriter;

/** Begins exchanges and continues them when responses arrive. Repeats first requests only, and only if the plan says so. */
final class Caller implements Endpoint.Receiver {
    private static final int TRYING = 100;
    private static final int OK = 200;
    private static final int REDIRECT = 300;
    private static final int MOST_REPEATS = 6;
    private static final long T1_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    /** Only OPTIONS have a longest interval. */
    private static final long T2_NANOS = TimeUnit.SECONDS.toNanos(4);

    private final LoadPlan plan;
    private final Endpoint[] endpoints;
    private final CallerTexts[] texts;
    private final ByteWriter out = new ByteWriter(4096);
    private Exchanges exchanges;
    /** For each repetition of a request the exchange that is next. */
    private final int[] nextRepeated = new int[MOST_REPEATS];

    private long repeated;

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
        repeated = 0;
        Arrays.fill(nextRepeated, 0);
    }

    /** The repetitions since the run began. */
    long repeated() {
        return repeated;
    }

    /** Sends the repetitions that are due. As exchanges begin in turn, their n-th repetitions are due in turn too. */
    void repeat() throws IOException {
        long now = System.nanoTime();
        long interval = T1_NANOS;
        long after = 0;
        for (int i = 0; i < MOST_REPEATS && plan.repeats(); i++) {
            after += interval;
            interval = plan.scenario() == Scenario.OPTIONS ? Math.min(2 * interval, T2_NANOS) : 2 * interval;
            while (nextRepeated[i] < exchanges.started() && now - exchanges.plannedNanos(nextRepeated[i]) >= after) {
                if (exchanges.isUnanswered(nextRepeated[i])) {
                    repeated++;
                    send(exchanges.number(nextRepeated[i]));
                }
                nextRepeated[i]++;
            }
        }
    }

    /** Begins an exchange that is due at this time, by {@link System#nanoTime}. */
    void start(long planned) throws IOException {
        send(exchanges.start(planned));
    }

    private void send(long exchange) throws IOException {
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
