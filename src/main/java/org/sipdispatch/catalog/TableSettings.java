package org.sipdispatch.catalog;

import java.nio.file.Path;
import java.time.Duration;
import org.sipdispatch.database.Database;

/**
 * A table in a database, and how to reach it.
 *
 * @param columns what its columns are called
 * @param versions the table of table versions
 * @param initScript an SQL script for when the table does not exist; null for none
 * @param connectTimeout how long the database may take to answer
 */
record TableSettings(
        Database database, String name, Columns columns, String versions, Path initScript, Duration connectTimeout)
        implements SourceSettings {
    @Override
    public PartitionSource open(PartitionSettings partition, KnownSockets sockets, Pools pools) {
        return new TableSource(partition, this, sockets, pools);
    }

    @Override
    public SourceSettings readOnly() {
        return new TableSettings(database, name, columns, versions, null, connectTimeout);
    }
}
