package org.sipdispatch.sets;

/** Names a set: its partition and its number in it, written {@code partition:number}. */
public record SetId(String partition, int number) {
    public static final String DEFAULT_PARTITION = "default";

    @Override
    public String toString() {
        return partition + ":" + number;
    }
}
