package org.sipdispatch.catalog;

import java.nio.file.Path;
import java.time.Duration;
import org.sipdispatch.database.Database;

/**
 * A table in a database.
 *
 * @param columns the names of its columns
 * @param versions the table of table versions
 * @param initScript an SQL script that creates the missing table; null for none
 * @param connectTimeout the time limit for a connection to the database
 */
record TableSettings(
        Database database, String name, ColumnNames columns, String versions, Path initScript, Duration connectTimeout)
        implements SourceSettings {
    @Override
    public PartitionSource open(PartitionSettings partition, KnownSockets sockets, ConnectionPools pools) {
        return new TableSource(partition, this, sockets, pools);
    }

    @Override
    public SourceSettings readOnly() {
        return new TableSettings(database, name, columns, versions, null, connectTimeout);
    }
}
