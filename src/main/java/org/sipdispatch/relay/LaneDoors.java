package org.sipdispatch.relay;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.sipdispatch.destination.Observation;

/**
 * The doors of a lane to the outside.
 *
 * @param micros microseconds of a clock that never goes back, for round trips
 * @param evidence is told now and then what traffic showed of destinations
 * @param carried is given the bytes that let another node carry on this lane's calls
 * @param pauses how many pauses of this process were noticed; asked for each new request
 */
public record LaneDoors(
        Wire wire,
        SetDoor sets,
        Resolver resolver,
        LaneCounters counters,
        LongSupplier micros,
        Consumer<List<Observation>> evidence,
        Consumer<byte[]> carried,
        LongSupplier pauses) {}
