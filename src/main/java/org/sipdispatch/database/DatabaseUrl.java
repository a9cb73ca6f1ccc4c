package org.sipdispatch.database;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sipdispatch.settings.BadSetting;

/**
 * Reads {@code db_url}: JDBC URLs, and OpenSIPS's own {@code mysql://user:password@host:port/database}.
 *
 * @param path the key's whole path
 * @param expected what the key may hold
 */
public record DatabaseUrl(String path, String expected) {
    /** The forms that are read here, for {@code expected}. */
    public static final String FORMS =
            "jdbc:h2:, jdbc:mariadb:, jdbc:mysql:, jdbc:postgresql:, mysql:// or postgres://";

    private static final Pattern JDBC = Pattern.compile("(?is)jdbc:(h2|mariadb|mysql|postgresql):.+");
    // OpenSIPS takes what stands between the first colon and the last at sign as the password, with no escapes.
    private static final Pattern OPENSIPS = Pattern.compile(
            "(?i)(mysql|postgres|postgresql)://(?:([^:@/]*)(?::(.*))?@)?(\\[[0-9a-f:.]+]|[\\w.-]+)(:\\d{1,5})?/([\\w$-]+)");

    /** The database at that URL; user and password count where it does not say them. */
    public Database read(String url, String user, String password) {
        if (url == null || url.isBlank()) {
            throw new BadSetting(path, "nothing", expected);
        }
        Matcher opensips = OPENSIPS.matcher(url);
        if (opensips.matches()) {
            return translated(opensips, user, password);
        }
        Matcher jdbc = JDBC.matcher(url);
        if (!jdbc.matches()) {
            boolean ours = url.toLowerCase(Locale.ROOT).matches("(?s)(mysql|postgres|postgresql):.*");
            throw new BadSetting(
                    path,
                    Database.withoutPassword(url),
                    ours ? "mysql:// or postgres:// with user:password@host:port/database" : expected);
        }
        // The MariaDB driver speaks to MySQL too, but answers to this name only.
        String driver = jdbc.group(1).equalsIgnoreCase("mysql") ? "mariadb" : jdbc.group(1);
        String ready = "jdbc:" + driver.toLowerCase(Locale.ROOT) + url.substring(jdbc.end(1));
        return new Database(ready, says(url, "user") ? null : user, says(url, "password") ? null : password);
    }

    private static Database translated(Matcher opensips, String user, String password) {
        String driver = opensips.group(1).equalsIgnoreCase("mysql") ? "mariadb" : "postgresql";
        String port = opensips.group(5) == null ? "" : opensips.group(5);
        String url = "jdbc:" + driver + "://" + opensips.group(4) + port + "/" + opensips.group(6);
        String ownUser = opensips.group(2);
        String ownPassword = opensips.group(3);
        return new Database(
                url,
                ownUser == null || ownUser.isEmpty() ? user : ownUser,
                ownPassword == null || ownPassword.isEmpty() ? password : ownPassword);
    }

    /** Whether the URL itself names that parameter, which then counts. */
    private static boolean says(String url, String parameter) {
        return url.toLowerCase(Locale.ROOT).matches("(?s).*[?&;]" + parameter + "=.*");
    }
}
