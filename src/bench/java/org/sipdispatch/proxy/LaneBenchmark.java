package org.sipdispatch.proxy;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.sipdispatch.bench.BenchMessages;
import org.sipdispatch.bench.RequestTemplate;
import org.sipdispatch.sip.ByteWriter;

/**
 * A lane relays a request statelessly, from the received bytes to the bytes to send: all of the data path except sockets
 * and selection. Each request is a new one, and part of the figures is that its bytes are written and copied.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class LaneBenchmark {
    @Param({BenchMessages.OPTIONS, BenchMessages.INVITE, BenchMessages.LARGE})
    public String message;

    private final ByteWriter out = new ByteWriter(4096);
    private BenchLane lane;
    private RequestTemplate template;
    private long number;

    @Setup
    public void prepare() {
        lane = new BenchLane("relay-defaults.mode = stateless\nrules = [ { select { set = 1, alg = 0 } } ]");
        template = new RequestTemplate(BenchMessages.text(message));
        if (relay() < BenchMessages.bytes(message).length) {
            throw new IllegalStateException(message + ": not relayed");
        }
    }

    @Benchmark
    public int relay() {
        template.writeTo(out.clear(), number++);
        return lane.relay(out.copy());
    }
}
