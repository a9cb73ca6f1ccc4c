package org.sipdispatch.catalog;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.sipdispatch.database.Database;
import org.sipdispatch.database.DatabaseUrl;
import org.sipdispatch.destination.PartitionPingSettings;
import org.sipdispatch.settings.Section;
import org.sipdispatch.settings.UserInfo;

/** Reads the keys of one partition or source, from its own block or from those that it inherits from. */
final class PartitionSettingsReader {
    private static final String WATCH = "watch";
    private static final String MAX_SIZE = "max_size";
    private static final String WATCH_INTERVAL = "watch_interval";
    private static final Duration SHORTEST_WATCH = Duration.ofMillis(100);
    private static final String ONLY_OWN_SOCKETS = "only_own_sockets";
    private static final String SOURCES = "sources";
    private static final List<String> OF_SOURCES = Stream.of(
                    Stream.of("db_url", "db_user", "db_password", "table_name"),
                    Stream.of(Column.values()).map(Column::key),
                    Stream.of("version_table", "init_script", "connect_timeout", MAX_SIZE))
            .flatMap(keys -> keys)
            .toList();
    private static final List<String> KNOWN = Stream.of(
                    OF_SOURCES.stream(),
                    // Package routing reads ds_define_blacklist.
                    Stream.of(
                            SOURCES,
                            ONLY_OWN_SOCKETS,
                            "ds_define_blacklist",
                            "persistent_state",
                            WATCH,
                            WATCH_INTERVAL),
                    PartitionPingSettings.KEYS.stream())
            .flatMap(keys -> keys)
            .toList();
    private static final String FORMS =
            "jdbc:h2:, jdbc:mariadb:, jdbc:mysql:, jdbc:postgresql:, mysql://, postgres://, file:, dns:, https:// or"
                    + " http://";
    private static final String COLUMN = "[A-Za-z0-9_$]+";

    private final String name;
    /** The blocks that may have a key; the first one that has it counts. */
    private final List<Section> blocks;

    PartitionSettingsReader(String name, Section... blocks) {
        this.name = name;
        this.blocks = List.of(blocks);
    }

    boolean has(String key) {
        return blocks.stream().anyMatch(block -> block.has(key));
    }

    void refuseUnknown() {
        own().refuseUnknown(KNOWN);
    }

    PartitionSettings read() {
        boolean persistent =
                !has("persistent_state") || holder("persistent_state").flag("persistent_state");
        boolean onlyOwn = has(ONLY_OWN_SOCKETS) && holder(ONLY_OWN_SOCKETS).flag(ONLY_OWN_SOCKETS);
        SourceSettings source = own().has(SOURCES) ? sources() : source();
        return new PartitionSettings(
                name, this::path, persistent, onlyOwn, PartitionPingSettings.from(this::holder), watch(source), source);
    }

    /** Each block may set all keys that concern the source, and takes the others from the partition. */
    private SourceSettings sources() {
        List<CombinedSourceSettings.Member> members = new ArrayList<>();
        for (Section block : own().sections(SOURCES)) {
            block.refuseUnknown(OF_SOURCES);
            Section[] nested = Stream.concat(Stream.of(block), blocks.stream()).toArray(Section[]::new);
            PartitionSettingsReader keys = new PartitionSettingsReader(name, nested);
            members.add(new CombinedSourceSettings.Member(keys::path, keys.source()));
        }
        if (members.isEmpty()) {
            own().refuse(SOURCES, "an empty list", "at least one block { db_url = ... }");
            return source();
        }
        return new CombinedSourceSettings(members);
    }

    /** How often to look for changes of the source; null: never. */
    private Duration watch(SourceSettings source) {
        Duration interval = has(WATCH_INTERVAL)
                ? holder(WATCH_INTERVAL).duration(WATCH_INTERVAL, SHORTEST_WATCH, Duration.ofDays(1))
                : source.watchInterval();
        if (!has(WATCH) || !holder(WATCH).flag(WATCH)) {
            return null;
        }
        if (source.watchedPlace() == null) {
            own().refuse(WATCH, "on", "off where the source is a table, which only an order reads again");
            return null;
        }
        return interval;
    }

    /** The source that {@code db_url} selects. Each kind of source is one line here. */
    private SourceSettings source() {
        Path script = has("init_script") ? readable("init_script", text("init_script", "")) : null;
        Duration timeout = has("connect_timeout")
                ? holder("connect_timeout").duration("connect_timeout", Duration.ofMillis(250), Duration.ofMinutes(5))
                : Duration.ofSeconds(5);
        String url = secret("db_url");
        ColumnNames columns = ColumnNames.of(this::column);
        String table = table("table_name", "dispatcher");
        String versions = table("version_table", "version");
        if (url != null && url.startsWith(ListFileSettings.SCHEME)) {
            return new ListFileSettings(readable("db_url", url.substring(ListFileSettings.SCHEME.length())));
        }
        if (url != null && url.startsWith(DnsNameSource.SCHEME)) {
            return dnsName(url);
        }
        if (url != null && DocumentSettings.isUrl(url)) {
            return document(url, columns, timeout);
        }
        DatabaseUrl form = new DatabaseUrl(path("db_url"), FORMS);
        Database database = own().attempt(null, () -> form.read(url, user(), secret("db_password")));
        return new TableSettings(database, table, columns, versions, script, timeout);
    }

    private SourceSettings dnsName(String url) {
        DnsNameSource source = DnsNameSource.of(url);
        if (source == null) {
            holder("db_url").refuse("db_url", url, DnsNameSource.EXPECTED);
            return new DnsNameSource(0, "_sip._udp.refused.invalid");
        }
        return source;
    }

    private SourceSettings document(String url, ColumnNames columns, Duration timeout) {
        int mostBytes = has(MAX_SIZE) ? holder(MAX_SIZE).bytes(MAX_SIZE, 1024, 64 << 20) : 1 << 20;
        URI parsed = null;
        try {
            parsed = new URI(url);
        } catch (URISyntaxException e) {
            // refused below
        }
        if (parsed == null || parsed.getHost() == null || parsed.getRawUserInfo() != null) {
            holder("db_url")
                    .refuse(
                            "db_url",
                            DocumentSettings.withoutQuery(UserInfo.withoutPassword(url)),
                            "https://host/path without user:password@, which are the keys db_user and db_password");
            parsed = URI.create("http://refused");
        }
        return new DocumentSettings(parsed, user(), secret("db_password"), columns, timeout, mostBytes, null);
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
        return blocks.stream().filter(block -> block.has(key)).findFirst().orElse(own());
    }

    private Section own() {
        return blocks.get(0);
    }

    private String path(String key) {
        return holder(key).path(key);
    }
}
