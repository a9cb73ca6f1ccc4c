package org.sipdispatch.catalog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sipdispatch.database.Database;
import org.sipdispatch.settings.SettingException;

/**
 * Reads a table as OpenSIPS creates it, versions 7 (whole numbers as weights) to 9. Every column is read as text, since
 * its type depends on version and database.
 */
final class JdbcTable {
    private static final Set<Integer> VERSIONS = Set.of(7, 8, 9);

    private static final Set<Integer> TEXTS =
            Set.of(Types.CHAR, Types.VARCHAR, Types.LONGVARCHAR, Types.NCHAR, Types.NVARCHAR, Types.CLOB);

    private final PartitionSettings partition;
    private final TableNames table;
    private final Connection connection;
    private final String quote;
    /** The names of the columns; null until the table is found. */
    private List<String> columns;

    JdbcTable(PartitionSettings partition, TableNames table, Connection connection) throws SQLException {
        this.partition = partition;
        this.table = table;
        this.connection = connection;
        // JDBC defines a blank as "quoting is not supported".
        this.quote = connection.getMetaData().getIdentifierQuoteString().strip();
    }

    boolean exists() throws SQLException {
        return columns() != null;
    }

    /** The quoted name, in the spelling of the database, of the column with the row's number; null if there is none. */
    String idColumn() throws SQLException {
        String id = find(columns(), "id");
        return id == null ? null : quoted(id);
    }

    private List<String> columns() throws SQLException {
        if (columns == null) {
            columns = columnNames(table.name());
        }
        return columns;
    }

    /** The rows of a set as stored, in the order of {@link #rows}. */
    List<RowIdentity> stored(int set) throws SQLException {
        String id = idColumn();
        String query = "SELECT " + column(Column.DESTINATION) + ", " + column(Column.SOCKET)
                + (id == null ? "" : ", " + id) + " FROM " + name() + " WHERE " + column(Column.SETID) + " = ?"
                + (id == null ? "" : " ORDER BY " + id);
        List<RowIdentity> rows = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setInt(1, set);
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    rows.add(new RowIdentity(
                            id == null ? null : result.getObject(3), result.getString(1), result.getString(2)));
                }
            }
        }
        return rows;
    }

    /**
     * The condition for a stored row, whose parameters are the set and its {@link RowIdentity#values}. By id if there is
     * one: a database may take texts as the same that are not, such as main and MAIN.
     */
    String where(RowIdentity row) throws SQLException {
        String set = " WHERE " + column(Column.SETID) + " = ? AND ";
        return row.id() != null
                ? set + idColumn() + " = ?"
                : set + column(Column.DESTINATION) + " IN (?, ?) AND " + column(Column.SOCKET)
                        + (row.socket() == null ? " IS NULL" : " IN (?, ?)");
    }

    /** All rows in the order of their numbers, if the table has any, so that equal priorities keep that order. */
    List<SourceRow> rows() throws SQLException {
        checkVersion();
        List<String> names = columns();
        String id = find(names, "id");
        String select = Stream.of(Column.values())
                .map(column -> selected(names, column))
                .map(column -> column == null ? "NULL" : quoted(column))
                .collect(Collectors.joining(", "));
        String query = "SELECT " + select + (id == null ? "" : ", " + quoted(id)) + " FROM " + quotedTable(table.name())
                + (id == null ? "" : " ORDER BY " + quoted(id));
        List<SourceRow> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            while (result.next()) {
                String place =
                        id == null ? " row " + (rows.size() + 1) : " id " + text(result, Column.values().length + 1);
                rows.add(row(table.name() + place, result));
            }
        }
        return rows;
    }

    private static SourceRow row(String place, ResultSet result) throws SQLException {
        Map<Column, String> texts = new EnumMap<>(Column.class);
        for (Column column : Column.values()) {
            texts.put(column, text(result, column.ordinal() + 1));
        }
        return new SourceRow(place, texts);
    }

    private static String text(ResultSet result, int column) throws SQLException {
        return RowIdentity.stripped(result.getString(column));
    }

    /** The column's name in the spelling of the database; null if the column is not read or is optional and missing. */
    private String selected(List<String> names, Column column) {
        if (column == Column.STATE && !partition.persistentState()) {
            return null;
        }
        String name = table.columns().name(column);
        return column.mayBeAbsent(name) ? find(names, name) : present(names, column);
    }

    /** The quoted name of a required column in the spelling of the database. */
    String column(Column column) throws SQLException {
        return quoted(present(columns(), column));
    }

    /** Whether the values of a required column are text, not numbers. */
    boolean isText(Column column) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result =
                        statement.executeQuery("SELECT " + column(column) + " FROM " + name() + " WHERE 1 = 0")) {
            return TEXTS.contains(result.getMetaData().getColumnType(1));
        }
    }

    /** The table's name as it appears in SQL. */
    String name() {
        return quotedTable(table.name());
    }

    private String present(List<String> names, Column column) {
        String name = find(names, table.columns().name(column));
        if (name == null) {
            throw new SettingException(
                    partition.paths().of(column.key()),
                    table.columns().name(column),
                    "a column of table " + table.name());
        }
        return name;
    }

    private static String find(List<String> names, String wanted) {
        if (names.contains(wanted)) {
            return wanted;
        }
        return names.stream().filter(wanted::equalsIgnoreCase).findFirst().orElse(null);
    }

    /** The names of a table's columns; null if the table does not exist. */
    private List<String> columnNames(String name) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT * FROM " + quotedTable(name) + " WHERE 1 = 0")) {
            ResultSetMetaData columns = result.getMetaData();
            List<String> names = new ArrayList<>();
            for (int i = 1; i <= columns.getColumnCount(); i++) {
                names.add(columns.getColumnName(i));
            }
            return names;
        } catch (SQLException e) {
            if (Database.isTableMissing(e)) {
                return null;
            }
            throw e;
        }
    }

    /**
     * Checks the version that OpenSIPS keeps for each table in a separate table. If that table has no entry for ours,
     * only the check of the columns applies.
     */
    private void checkVersion() throws SQLException {
        List<String> names = columnNames(table.versions());
        if (names == null || find(names, "table_name") == null || find(names, "table_version") == null) {
            return;
        }
        String ours = table.name().substring(table.name().lastIndexOf('.') + 1);
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT " + quoted(find(names, "table_name")) + ", "
                        + quoted(find(names, "table_version")) + " FROM " + quotedTable(table.versions()))) {
            while (result.next()) {
                String name = text(result, 1);
                boolean isOurs = ours.equalsIgnoreCase(name) || table.name().equalsIgnoreCase(name);
                if (isOurs && !VERSIONS.contains(result.getInt(2))) {
                    throw new SettingException(
                            partition.paths().of("table_name"),
                            table.name() + " version " + result.getInt(2),
                            "version 7, 8 or 9");
                }
            }
        }
    }

    private String quotedTable(String name) {
        return SqlNames.table(name, quote);
    }

    private String quoted(String name) {
        return SqlNames.quoted(name, quote);
    }
}
