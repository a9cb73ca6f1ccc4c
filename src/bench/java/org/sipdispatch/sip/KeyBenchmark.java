package org.sipdispatch.sip;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.sipdispatch.bench.BenchMessages;

/** The keyed hashes of one request: for its transaction, against loops, and for the Record-Route. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class KeyBenchmark {
    private final TransactionKey keys = new TransactionKey(SipHash.of("a secret of the benchmark"));
    private final SipRequest request = SipParser.parseOwnRequest(BenchMessages.bytes(BenchMessages.INVITE));

    @Benchmark
    public long transaction() {
        return keys.of(request);
    }

    @Benchmark
    public long loop() {
        return keys.loopHash(request);
    }

    @Benchmark
    public long recordRoute() {
        return keys.routeToken(request, request.from(), 1_800_000_000L);
    }
}
