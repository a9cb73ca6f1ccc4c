package org.sipdispatch.proxy;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.sipdispatch.destination.Observation;
import org.sipdispatch.observation.LaneCounters;

/**
 * What a lane reaches the outside through.
 *
 * @param micros microseconds of a clock that never goes back, for round trips
 * @param evidence is told now and then what traffic showed of destinations
 * @param carried is given the bytes that let another node carry on this lane's calls
 * @param pauses how many pauses of this process were noticed; asked for each new request
 * @param epochSeconds seconds since 1970, for what other processes compare
 * @param guarded whether that TCP port is one where this node is managed or meets the others
 */
public record LanePorts(
        LaneTransport transport,
        SetSelector sets,
        Resolver resolver,
        LaneCounters counters,
        LongSupplier micros,
        Consumer<List<Observation>> evidence,
        Consumer<byte[]> carried,
        LongSupplier pauses,
        LongSupplier epochSeconds,
        Predicate<InetSocketAddress> guarded) {}
