package org.sipdispatch.manage;

import java.util.List;
import org.sipdispatch.desk.Refusal;

/** The names of all partitions that are configured. */
record Partitions(List<String> names) {
    /** That name, which may be empty for all; refused if there is none of it. */
    String known(String name) {
        if (!name.isEmpty() && !names.contains(name)) {
            throw Refusal.unknown("partition", name, Ask.oneOf(names));
        }
        return name;
    }
}
