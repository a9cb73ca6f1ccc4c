package org.sipdispatch.definitions;

/** What a reload does with unusable rows if its order does not say. */
public enum BadRows {
    /** One such row refuses the reload: the loaded definitions stay. */
    REFUSE,
    /** Such rows are skipped with a warning, as OpenSIPS does. */
    SKIP
}
