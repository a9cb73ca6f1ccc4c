package org.sipdispatch.store;

/**
 * Who leads a cluster, and how often it said so. Who sees the same beat twice, some time apart by its own clock, knows
 * that the owner is silent; no clocks of two machines are compared.
 */
public record Beat(String owner, long count) {
    /** Nobody ever led that cluster. */
    public static final Beat NONE = new Beat("", -1);
    /** The database did not answer in time. */
    public static final Beat SILENT = new Beat("", -2);
}
