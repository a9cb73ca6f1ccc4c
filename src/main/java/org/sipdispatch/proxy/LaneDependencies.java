package org.sipdispatch.proxy;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.sipdispatch.destination.Observation;
import org.sipdispatch.limits.NodeLimits;
import org.sipdispatch.observation.LaneCounters;
import org.sipdispatch.sets.PushedAttrs;

/**
 * The interfaces through which a lane reaches the rest of the node.
 *
 * @param backoffs the backoff of destinations
 * @param limits the limits of calls through this node
 * @param micros a monotonic clock in microseconds, for round-trip times
 * @param observations receives batches of observations of destinations from traffic
 * @param carried receives encoded calls for other nodes, which continue this lane's calls if this node fails
 * @param pushed receives script attributes that rules push
 * @param onLane runs a task on the lane's thread later; on any thread
 * @param pauses the number of detected pauses of this process; read for each new request
 * @param epochSeconds seconds since 1970, for values that other processes compare
 * @param protectedPort whether a TCP port is a management or cluster port of this node
 */
public record LaneDependencies(
        LaneTransport transport,
        SetSelector sets,
        Backoffs backoffs,
        HostResolver resolver,
        LaneCounters counters,
        NodeLimits limits,
        LongSupplier micros,
        Consumer<List<Observation>> observations,
        Consumer<byte[]> carried,
        Consumer<PushedAttrs> pushed,
        Consumer<Runnable> onLane,
        LongSupplier pauses,
        LongSupplier epochSeconds,
        Predicate<InetSocketAddress> protectedPort) {}
