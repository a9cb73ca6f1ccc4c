package org.sipdispatch.database;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sipdispatch.settings.SettingException;

/**
 * Parses {@code db_url}: JDBC URLs, and the form of OpenSIPS, {@code mysql://user:password@host:port/database}.
 *
 * @param path the full path of the key
 * @param expected the allowed values, for error messages
 */
public record DatabaseUrl(String path, String expected) {
    /** The accepted forms, for {@code expected}. */
    public static final String FORMS =
            "jdbc:h2:, jdbc:mariadb:, jdbc:mysql:, jdbc:postgresql:, mysql:// or postgres://";

    private static final Pattern JDBC = Pattern.compile("(?is)jdbc:(h2|mariadb|mysql|postgresql):.+");
    /**
     * A user before the host, which the drivers would take for a part of the host's name. The password may contain
     * slashes and question marks, so a colon that no port follows also counts.
     */
    private static final Pattern USER_INFO =
            Pattern.compile("(?s):(?:(?:\\w+:)?//)?+(?:[^?]*@.*|[^/?\\[\\],:@]*:(?!\\d+[/?,])[^@]*@.*)");

    // In OpenSIPS the password is the text between the first colon and the last at sign, without escapes.
    private static final Pattern OPENSIPS = Pattern.compile(
            "(?i)(mysql|postgres|postgresql)://(?:([^:@/]*)(?::(.*))?@)?(\\[[0-9a-f:.]+]|[\\w.-]+)(:\\d{1,5})?/([\\w$-]+)");

    /** The hosts of a JDBC URL, each with its port. H2 has them only after {@code tcp:} and {@code ssl:}. */
    private static final Pattern HOSTS = Pattern.compile("(?is):(?:\\w+:)?//([^/?;]*).*");
    /** A host, in brackets if it is an IPv6 address, and what follows its colon. */
    private static final Pattern HOST_AND_PORT = Pattern.compile("(?:\\[[^\\]]*]|[^:]*):(.*)");
    /** Text after the host or user and a colon, without an at sign, that is no port: it may be a password. */
    private static final Pattern NO_PORT =
            Pattern.compile("(?s)((?:jdbc:)?+\\w+:/*[^:/@?\\[]*:)(?!\\d{1,5}(?:[/?,;]|$))[^@]+");

    private static final int MAX_PORT = 65_535;

    /** The database of that URL. {@code user} and {@code password} apply if the URL does not contain them. */
    public Database read(String url, String user, String password) {
        if (url == null || url.isBlank()) {
            throw new SettingException(path, "nothing", expected);
        }
        Matcher opensips = OPENSIPS.matcher(url);
        if (opensips.matches()) {
            refuseBadPort(
                    url, opensips.group(5) == null ? "" : opensips.group(5).substring(1));
            return translated(opensips, user, password);
        }
        Matcher jdbc = JDBC.matcher(url);
        if (!jdbc.matches()) {
            boolean ours = url.toLowerCase(Locale.ROOT).matches("(?s)(mysql|postgres|postgresql):.*");
            throw new SettingException(
                    path,
                    shown(url),
                    ours ? "mysql:// or postgres:// with user:password@host:port/database" : expected);
        }
        if (USER_INFO.matcher(url.substring(jdbc.end(1))).matches()
                && !jdbc.group(1).equalsIgnoreCase("h2")) {
            throw new SettingException(
                    path,
                    Database.withoutPassword(url),
                    "a JDBC URL without user:password@; user and password are the keys db_user and db_password, or"
                            + " the parameters ?user=...&password=...");
        }
        refuseBadPorts(url, url.substring(jdbc.end(1)));
        // The MariaDB driver also connects to MySQL, but accepts only its own scheme.
        String driver = jdbc.group(1).equalsIgnoreCase("mysql") ? "mariadb" : jdbc.group(1);
        String ready = "jdbc:" + driver.toLowerCase(Locale.ROOT) + url.substring(jdbc.end(1));
        return new Database(
                ready, hasParameter(url, "user") ? null : user, hasParameter(url, "password") ? null : password);
    }

    private void refuseBadPorts(String url, String afterDriver) {
        Matcher hosts = HOSTS.matcher(afterDriver);
        if (hosts.matches()) {
            for (String host : hosts.group(1).split(",")) {
                Matcher port = HOST_AND_PORT.matcher(host);
                // MariaDB also has the form address=(host=...)(port=...).
                if (port.matches() && !host.startsWith("address=")) {
                    refuseBadPort(url, port.group(1));
                }
            }
        }
    }

    private void refuseBadPort(String url, String port) {
        boolean isNumber = port.matches("\\d{1,5}");
        boolean isPort = isNumber && Integer.parseInt(port) >= 1 && Integer.parseInt(port) <= MAX_PORT;
        if (!port.isEmpty() && !isPort) {
            String safe = isNumber ? shown(url) : shown(url).replace(":" + port, ":***");
            throw new SettingException(path, safe, "a port from 1 to " + MAX_PORT + " after the host");
        }
    }

    private static String shown(String url) {
        String safe = Database.withoutPassword(url);
        Matcher noPort = NO_PORT.matcher(safe);
        return noPort.matches() ? noPort.group(1) + "***" : safe;
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

    /** Whether the URL contains the parameter, which then takes precedence. */
    private static boolean hasParameter(String url, String parameter) {
        return url.toLowerCase(Locale.ROOT).matches("(?s).*[?&;]" + parameter + "=.*");
    }
}
