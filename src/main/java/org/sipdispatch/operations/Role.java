package org.sipdispatch.operations;

/** What somebody may do. */
public enum Role {
    /** Ask. */
    READ,
    /** Ask and order. */
    WRITE
}
