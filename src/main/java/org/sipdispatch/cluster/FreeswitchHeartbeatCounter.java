package org.sipdispatch.cluster;

/** Counts heartbeats of event sockets. Called on the thread of an actor. */
public interface FreeswitchHeartbeatCounter {
    /** {@code usable}: whether the heartbeat has the numbers that make a weight. */
    void count(boolean usable);
}
