package org.sipdispatch.proxy;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
import org.sipdispatch.sip.ByteWriter;
import org.sipdispatch.sip.SipHash;
import org.sipdispatch.sip.SipParser;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.TransactionKey;
import org.sipdispatch.transaction.EventClock;
import org.sipdispatch.transaction.ListenSockets;
import org.sipdispatch.transaction.NextHop;

/**
 * Writes the forwarded request: our Via, a Record-Route (not for OPTIONS), the completed Via of the sender and
 * Max-Forwards, and all other bytes unchanged.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ForwardBenchmark {
    private static final long EPOCH_SECONDS = 1_800_000_000;
    private static final long CALL_LONGEST_MS = 24L * 60 * 60 * 1000;

    @Param({BenchMessages.OPTIONS, BenchMessages.INVITE, BenchMessages.LARGE})
    public String message;

    private final NextHop hop = new NextHop(BenchLane.SOCKET, new InetSocketAddress("127.0.0.1", 7001));
    private final TransactionKey keys = new TransactionKey(SipHash.of("a secret of the benchmark"));
    private byte[] bytes;
    private RequestPreprocessor reader;
    private ForwardedMessageWriter writer;
    private IncomingRequest arrival;

    @Setup
    public void prepare() {
        bytes = BenchMessages.bytes(message);
        ListenSockets sockets = new ListenSockets(List.of(BenchLane.SOCKET), Set.of());
        RouteTokens routeTokens = new RouteTokens(keys, () -> EPOCH_SECONDS, CALL_LONGEST_MS);
        FlowTokens flows = new FlowTokens(keys, sockets, () -> EPOCH_SECONDS);
        BlacklistedAddresses blacklists = new BlacklistedAddresses(Map.of(), null);
        LargeRequests large = new LargeRequests(0, sockets, remote -> false, blacklists, new EventClock(() -> 0, 0));
        reader = new RequestPreprocessor(keys, sockets, routeTokens, flows);
        writer = new ForwardedMessageWriter(
                keys, routeTokens, flows, large, new ReceivedParameterCache(), new ChallengerTokens(keys));
        arrival = arrival();
        if (!(SipParser.parseOwn(write().copy()) instanceof SipRequest)) {
            throw new IllegalStateException(message + ": " + write());
        }
    }

    private IncomingRequest arrival() {
        SipRequest request = (SipRequest) SipParser.parse(bytes, 0, bytes.length);
        return reader.read(request, BenchLane.FLOW, keys.of(request));
    }

    /** The writing alone. */
    @Benchmark
    public ByteWriter write() {
        return forward(arrival);
    }

    /** From the received bytes to the bytes to send, without routing. */
    @Benchmark
    public ByteWriter parseAndWrite() {
        return forward(arrival());
    }

    private ByteWriter forward(IncomingRequest request) {
        return writer.request(
                request, hop, ForwardingServices.branch(request, 0, 0), false, null, true, RuleAdditions.NONE);
    }
}
