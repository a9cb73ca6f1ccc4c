package org.sipdispatch.spi;

/** A usable destination for which an {@link AlgoRoute} is called. Valid during the call only; do not keep it. */
public interface AlgoDestination {
    /** The partition's name. */
    String partition();

    /** The set's number. */
    int set();

    /** The URI as in the table. */
    String uri();

    /** The URI that traffic is sent to: {@link #uri} without user, password and headers. */
    String dstUri();

    /** The attributes of the row; empty if there are none. */
    String attrs();

    /** The script attributes, which {@code ds_push_script_attrs} sets; empty if there are none. */
    String scriptAttrs();

    /** The weight, 0 to 65535. */
    int weight();

    /** The priority, 0 to 65535, larger first. */
    int priority();

    /**
     * The value of a figure, in the form of {@code pvar_algo_pattern}: {@code $stat(in_flight:%u)} or
     * {@code $figure(NAME:%u)}; 0 if there is none. Use constant patterns: each lane accepts 64 different ones.
     *
     * @throws IllegalArgumentException if the pattern is invalid, or if there are too many
     */
    long figure(String pattern);
}
