package org.sipdispatch.relay;

/** The doors of a lane to the outside. */
public record LaneDoors(Wire wire, SetDoor sets, Resolver resolver, LaneCounters counters) {}
