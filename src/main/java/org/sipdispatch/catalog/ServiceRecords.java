package org.sipdispatch.catalog;

import java.io.IOException;
import java.util.List;

/** Asks DNS for SRV records. */
@FunctionalInterface
public interface ServiceRecords {
    /** There are no records. */
    ServiceRecords NONE = name -> List.of();

    /**
     * The records of a name, each as {@code priority weight port host}; empty if there are none. Blocks.
     *
     * @throws IOException if the name servers do not answer, or fail
     */
    List<String> of(String name) throws IOException;
}
