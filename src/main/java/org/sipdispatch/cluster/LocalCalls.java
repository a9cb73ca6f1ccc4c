package org.sipdispatch.cluster;

/** This node's own calls, by destination id. Thread-safe. */
public interface LocalCalls {
    /** Number of INVITEs to this destination without a final response. */
    int ringing(String id);

    /** Number of established calls to this destination. */
    int open(String id);
}
