package org.sipdispatch.manage;

import java.util.List;
import org.sipdispatch.operations.OperationException;

/** The names of all configured partitions. */
record PartitionNames(List<String> names) {
    /** The name, which may be empty for all; refused if the partition does not exist. */
    String requireKnown(String name) {
        if (!name.isEmpty() && !names.contains(name)) {
            throw OperationException.unknown("partition", name, QueryParameters.oneOf(names));
        }
        return name;
    }
}
