package org.sipdispatch.definitions;

/** What a reload does with rows that cannot be used, where its order does not say it. */
public enum BadRows {
    /** One of them refuses the reload: what was loaded before stays. */
    REFUSE,
    /** They are left out with a warning, as OpenSIPS does. */
    SKIP
}
