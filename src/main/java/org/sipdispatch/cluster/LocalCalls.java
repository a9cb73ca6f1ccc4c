package org.sipdispatch.cluster;

/** The door to the calls that go through this node, by a destination's id. Thread-safe. */
public interface LocalCalls {
    /** How many INVITEs sent there have no final answer yet. */
    int ringing(String id);

    /** How many calls go on there. */
    int open(String id);
}
