package org.sipdispatch.operations;

/** The permissions of a caller. */
public enum Role {
    /** May query. */
    READ,
    /** May query and give orders. */
    WRITE
}
