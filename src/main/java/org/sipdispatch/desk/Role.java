package org.sipdispatch.desk;

/** What somebody may do. */
public enum Role {
    /** Ask. */
    READ,
    /** Ask and order. */
    WRITE
}
