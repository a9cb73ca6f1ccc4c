package org.sipdispatch.catalog;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.sipdispatch.database.Database;
import org.sipdispatch.database.DatabaseUrl;
import org.sipdispatch.settings.Section;
import org.sipdispatch.settings.UserInfo;

/** Reads the keys of one partition, from its own block or from the block that it inherits from. */
final class PartitionKeys {
    private static final List<String> KNOWN = Stream.of(
                    Stream.of("db_url", "db_user", "db_password", "table_name"),
                    Stream.of(Column.values()).map(Column::key),
                    // Package routing reads ds_define_blacklist.
                    Stream.of(
                            "ds_define_blacklist",
                            "version_table",
                            "persistent_state",
                            "init_script",
                            "connect_timeout"))
            .flatMap(keys -> keys)
            .toList();
    private static final String FORMS =
            "jdbc:h2:, jdbc:mariadb:, jdbc:mysql:, jdbc:postgresql:, mysql://, postgres:// or file:";
    private static final String COLUMN = "[A-Za-z0-9_$]+";

    private final String name;
    private final Section own;
    private final Section inherited;

    PartitionKeys(String name, Section own, Section inherited) {
        this.name = name;
        this.own = own;
        this.inherited = inherited;
    }

    boolean has(String key) {
        return own.has(key) || inherited.has(key);
    }

    void refuseUnknown() {
        own.refuseUnknown(KNOWN);
    }

    PartitionSettings read() {
        boolean persistent =
                !has("persistent_state") || holder("persistent_state").flag("persistent_state");
        return new PartitionSettings(name, this::path, persistent, source());
    }

    /** The source that {@code db_url} selects. Each kind of source is one line here. */
    private SourceSettings source() {
        Path script = has("init_script") ? readable("init_script", text("init_script", "")) : null;
        Duration timeout = has("connect_timeout")
                ? holder("connect_timeout").duration("connect_timeout", Duration.ofMillis(250), Duration.ofMinutes(5))
                : Duration.ofSeconds(5);
        String url = secret("db_url");
        Columns columns = Columns.of(this::column);
        String table = table("table_name", "dispatcher");
        String versions = table("version_table", "version");
        if (url != null && url.startsWith(ListFileSource.SCHEME)) {
            return new ListFileSource(readable("db_url", url.substring(ListFileSource.SCHEME.length())));
        }
        DatabaseUrl form = new DatabaseUrl(path("db_url"), FORMS);
        Database database = own.attempt(null, () -> form.read(url, user(), secret("db_password")));
        return new TableSettings(database, table, columns, versions, script, timeout);
    }

    private String user() {
        return has("db_user") ? text("db_user", null) : null;
    }

    private String column(Column column) {
        String text = text(column.key(), column.standard());
        if (!text.matches(COLUMN)) {
            holder(column.key()).refuse(column.key(), text, "a column name of letters, digits, _ and $");
        }
        return text;
    }

    private String table(String key, String standard) {
        String text = text(key, standard);
        if (!text.matches(COLUMN + "(\\." + COLUMN + "){0,2}")) {
            holder(key).refuse(key, text, "a table name of letters, digits, _ and $, with . after a schema");
        }
        return text;
    }

    private Path readable(String key, String text) {
        try {
            Path file = Path.of(text);
            if (!text.isEmpty() && Files.isRegularFile(file) && Files.isReadable(file)) {
                return file;
            }
        } catch (InvalidPathException e) {
            // refused below
        }
        holder(key).refuse(key, UserInfo.withoutPassword(text(key, text)), "a file that can be read");
        return null;
    }

    private String text(String key, String otherwise) {
        return has(key) ? holder(key).text(key) : otherwise;
    }

    /** A text that no message may show; null if it is missing. */
    private String secret(String key) {
        return holder(key).secret(key);
    }

    private Section holder(String key) {
        return !own.has(key) && inherited.has(key) ? inherited : own;
    }

    private String path(String key) {
        return holder(key).path(key);
    }
}
