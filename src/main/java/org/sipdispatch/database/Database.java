package org.sipdispatch.database;

import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sipdispatch.settings.Section;
import org.sipdispatch.settings.UserInfo;

/**
 * A database and its user.
 *
 * @param url a JDBC URL
 * @param user null if the URL holds the user or there is none
 * @param password null if the URL holds the password or there is none
 */
public record Database(String url, String user, String password) {
    private static final Pattern FULL =
            Pattern.compile("(?i)no space left on device|disk quota exceeded|file too large|disk full");
    /** The file of an embedded database, for any file system of H2. */
    private static final Pattern H2_FILE = Pattern.compile("(?is)jdbc:h2:(?!mem:|tcp:|ssl:)(?:[a-z]\\w+:)*([^;]+).*");
    /** SQLSTATE of PostgreSQL, and codes of MariaDB and MySQL: ER_DISK_FULL, ER_RECORD_FILE_FULL. */
    static final String DISK_FULL = "53100";

    private static final List<Integer> DISK_FULL_CODES = List.of(1021, 1114);

    private static final Set<String> NO_SUCH_TABLE = Set.of("42P01", "42S02", "42S03", "42S04");

    /**
     * Error codes of a missing privilege: ER_DBACCESS_DENIED_ERROR, ER_TABLEACCESS_DENIED_ERROR and
     * ER_COLUMNACCESS_DENIED_ERROR of MariaDB and MySQL; 90096 of H2.
     */
    private static final Set<Integer> DENIED_CODES = Set.of(1044, 1142, 1143, 90096);

    /**
     * The free space, in bytes, below which an embedded database's disk counts as full. H2's next writes may be that
     * long.
     */
    private static final long MIN_FREE_BYTES = 1024 * 1024;

    /** The database product, which decides the SQL dialect. */
    public enum DatabaseProduct {
        H2,
        MARIADB,
        POSTGRESQL
    }

    public DatabaseProduct product() {
        String scheme = url.toLowerCase(Locale.ROOT);
        if (scheme.startsWith("jdbc:h2:")) {
            return DatabaseProduct.H2;
        }
        return scheme.startsWith("jdbc:postgresql:") ? DatabaseProduct.POSTGRESQL : DatabaseProduct.MARIADB;
    }

    boolean isInMemory() {
        return url.toLowerCase(Locale.ROOT).startsWith("jdbc:h2:mem:");
    }

    /**
     * The URL to connect with. An embedded H2 database closes itself in a shutdown hook of its own, while the node still
     * writes. H2 does not support to switch that off together with AUTO_SERVER.
     */
    String connectUrl() {
        boolean isPlainFile = H2_FILE.matcher(url).matches()
                && !url.toUpperCase(Locale.ROOT).matches("(?s).*;(DB_CLOSE_ON_EXIT=|AUTO_SERVER=TRUE).*");
        return isPlainFile ? url + ";DB_CLOSE_ON_EXIT=FALSE" : url;
    }

    /** The URL without passwords, in all forms that we read and some that we do not. */
    static String withoutPassword(String url) {
        // H2 separates parameters by semicolons; elsewhere a semicolon may be part of a password.
        String end = url.startsWith("jdbc:h2:") ? ";" : "&";
        return UserInfo.withoutPassword(url.replaceAll("(?is)(pass(?:word|wd)?|pwd|secret)=[^" + end + "]*", "$1=***"));
    }

    public String shownUrl() {
        return withoutPassword(url);
    }

    /** The name of the database in messages: its file, or its URL without passwords. */
    public String shownName() {
        Matcher file = H2_FILE.matcher(url);
        return file.matches() ? "file " + file.group(1) + ".mv.db" : shownUrl();
    }

    /** A database that did not answer in time, in a few words. A file is read by this process: then the host is slow. */
    public String silence(Duration limit) {
        return "no answer within " + Section.format(limit)
                + (H2_FILE.matcher(url).matches() ? ", so this host is slow or overloaded" : "");
    }

    /** The reason why the database could not be used, as one short line without passwords. */
    public String cause(Throwable failure) {
        Throwable deepest = failure;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        String message = deepest.getMessage() == null ? deepest.getClass().getSimpleName() : deepest.getMessage();
        String safe = UserInfo.hideAll(withoutOwnPassword(withoutUserInfo(message.replace(url, shownUrl()))));
        if (deepest instanceof UnknownHostException) {
            safe = "unknown host: " + safe;
        }
        String line = safe.strip().lines().findFirst().orElse("no answer");
        String shown = line.length() <= 160 ? line : line.substring(0, 160) + "...";
        return isFull(failure) && !shown.startsWith(disk()) ? disk() + " is full (" + shown + ")" : shown;
    }

    /** The driver may take user and password of the URL for the host, and then show them as a part of its name. */
    private String withoutUserInfo(String message) {
        String inUrl = UserInfo.password(url);
        return inUrl == null ? message : message.replace(inUrl + "@", "***@");
    }

    /** Replaces the password where it stands alone. Within a word or a host name it is a part of that name. */
    private String withoutOwnPassword(String message) {
        return password == null || password.isEmpty()
                ? message
                : message.replaceAll("(?<!\\w|\\w[.-])" + Pattern.quote(password) + "(?!\\w|[.-]\\w)", "***");
    }

    /** Whether a statement failed because its table is missing. */
    public static boolean isTableMissing(SQLException failure) {
        return NO_SUCH_TABLE.contains(String.valueOf(failure.getSQLState()));
    }

    /** The kind of a statement's failure, in a few words. */
    public static String refusal(SQLException failure) {
        String state = String.valueOf(failure.getSQLState());
        if (isTableMissing(failure)) {
            return "a table is missing";
        }
        if (isTimeout(failure)) {
            return "the database does not answer";
        }
        if (state.equals("42501") || DENIED_CODES.contains(failure.getErrorCode())) {
            return "the user lacks a privilege";
        }
        return state.startsWith("08") || state.startsWith("28")
                ? "the database cannot be reached"
                : "the database refuses the statement";
    }

    /** The connection pool adds the cause if there was no connection in time; it has no SQLSTATE then. */
    private static boolean isTimeout(SQLException failure) {
        return failure instanceof SQLTimeoutException || failure.getCause() instanceof TimeoutException;
    }

    /** Whether the failure was caused by a full disk. */
    public boolean isFull(Throwable failure) {
        for (Throwable one = failure; one != null; one = one.getCause()) {
            if (one.getMessage() != null && FULL.matcher(one.getMessage()).find()
                    || one instanceof SQLException sql && hasDiskFullCode(sql)) {
                return true;
            }
        }
        return false;
    }

    /** A message if the disk of an embedded database is full; null if it has space or is not known. */
    public String fullDisk() {
        Path directory = directory();
        try {
            return directory != null && Files.getFileStore(directory).getUsableSpace() < MIN_FREE_BYTES
                    ? disk() + " is full"
                    : null;
        } catch (IOException e) {
            return null;
        }
    }

    private boolean hasDiskFullCode(SQLException failure) {
        return product() == DatabaseProduct.MARIADB
                ? DISK_FULL_CODES.contains(failure.getErrorCode())
                : DISK_FULL.equals(failure.getSQLState());
    }

    /** The database's disk, for messages. */
    private String disk() {
        Path directory = directory();
        return directory == null ? "the database's disk" : "the disk of " + directory;
    }

    private Path directory() {
        Matcher file = H2_FILE.matcher(url);
        return file.matches() ? Path.of(file.group(1)).getParent() : null;
    }

    /**
     * Driver properties that limit waiting, which otherwise lasts as long as TCP keeps trying. Properties in the URL
     * take precedence.
     */
    public Map<String, String> limits(Duration connect, Duration silence) {
        Map<String, String> limits = new LinkedHashMap<>();
        switch (product()) {
            case H2 -> {}
            case MARIADB -> {
                limits.put("connectTimeout", String.valueOf(connect.toMillis()));
                limits.put("socketTimeout", String.valueOf(silence.toMillis()));
            }
            case POSTGRESQL -> {
                String seconds = String.valueOf(Math.max(1, connect.toSeconds()));
                limits.put("connectTimeout", seconds);
                limits.put("loginTimeout", seconds);
                limits.put("socketTimeout", String.valueOf(Math.max(1, silence.toSeconds())));
            }
        }
        String said = url.toLowerCase(Locale.ROOT);
        limits.keySet().removeIf(property -> said.contains(property.toLowerCase(Locale.ROOT) + "="));
        return limits;
    }

    @Override
    public String toString() {
        return shownUrl();
    }
}
