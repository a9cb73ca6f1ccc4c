package org.sipdispatch.sip;

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

/** Parses a received request: all header fields are indexed, and those that a proxy uses are checked. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ParseBenchmark {
    @Param({BenchMessages.OPTIONS, BenchMessages.INVITE, BenchMessages.LARGE})
    public String message;

    private byte[] bytes;

    @Setup
    public void prepare() {
        bytes = BenchMessages.bytes(message);
        if (!(parse() instanceof SipRequest)) {
            throw new IllegalStateException(message + ": " + parse());
        }
    }

    @Benchmark
    public ParseResult parse() {
        return SipParser.parse(bytes, 0, bytes.length);
    }
}
