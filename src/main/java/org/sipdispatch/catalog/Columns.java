package org.sipdispatch.catalog;

/** What the parts of a row are called where they stand, so that warnings name them as the operator does. */
record Columns(
        String setid,
        String destination,
        String socket,
        String state,
        String weight,
        String priority,
        String attrs,
        String description,
        String probeMode) {

    /** What OpenSIPS calls the column of the probe mode, which only tables from version 9 on have. */
    static final String STANDARD_PROBE_MODE = "probe_mode";

    static final Columns LIST_FILE =
            new Columns("setid", "uri", "socket", "flags", "weight", "priority", "attrs", "description", "flags");
}
