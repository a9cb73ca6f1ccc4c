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
import org.sipdispatch.routing.RequestFacts;
import org.sipdispatch.routing.SelectPlan;
import org.sipdispatch.routing.SetChoice;
import org.sipdispatch.sip.SipParser;

/**
 * The hash of each algorithm that hashes a part of the request: the part is found and hashed. Algorithm 7 hashes the user
 * of the From URI, {@code $fU}. The parser has read From, To and the Request-URI before.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class HashBenchmark {
    @Param({"0", "1", "2", "3", "5", "7", "rendezvous"})
    public String algorithm;

    private SelectionHash hashes;
    private SelectPlan plan;
    private SetChoice choice;
    private RequestFacts facts;

    @Setup
    public void prepare() {
        String pvar = algorithm.equals("7") ? ", hash_pvar = \"$fU\"" : "";
        LaneSetup setup =
                BenchLane.setup("rules = [ { select { set = 1, alg = \"" + algorithm + "\"" + pvar + " } } ]");
        hashes = SelectionHash.of(setup);
        plan = setup.routing().rules().all().get(0).plan();
        choice = plan.constantChoices().get(0);
        facts = new RequestFacts(
                SipParser.parseOwnRequest(BenchMessages.bytes(BenchMessages.AUTHORIZED)),
                BenchLane.CALLER,
                BenchLane.SOCKET.name(),
                null);
    }

    @Benchmark
    public long hash() {
        return hashes.of(plan, choice, facts);
    }
}
