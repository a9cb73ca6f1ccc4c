package org.sipdispatch.database;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A database and who asks it.
 *
 * @param url a JDBC URL
 * @param user null if the URL says it, or nobody does
 * @param password the same
 */
public record Database(String url, String user, String password) {
    /** What speaks for the database, and so which SQL it takes. */
    public enum Kind {
        H2,
        MARIADB,
        POSTGRESQL
    }

    public Kind kind() {
        String scheme = url.toLowerCase(Locale.ROOT);
        if (scheme.startsWith("jdbc:h2:")) {
            return Kind.H2;
        }
        return scheme.startsWith("jdbc:postgresql:") ? Kind.POSTGRESQL : Kind.MARIADB;
    }

    /** A URL without the passwords that it may carry, in any of the forms that we read and some that we do not. */
    static String withoutPassword(String url) {
        // H2 sets its parameters apart with semicolons, which a password elsewhere may hold.
        String end = url.startsWith("jdbc:h2:") ? ";" : "&";
        return url.replaceAll("(?is)(pass(?:word|wd)?|pwd|secret)=[^" + end + "]*", "$1=***")
                .replaceAll("(?s)^((?:jdbc:)?\\w*:(?://)?[^:@]*):.*@", "$1:***@");
    }

    public String shownUrl() {
        return withoutPassword(url);
    }

    /** Why a database could not be used, in a few words. */
    public String cause(Throwable failure) {
        Throwable deepest = failure;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        String message = deepest.getMessage() == null ? deepest.getClass().getSimpleName() : deepest.getMessage();
        String safe = message.replace(url, shownUrl());
        if (password != null && !password.isEmpty()) {
            safe = safe.replace(password, "***");
        }
        String line = safe.strip().lines().findFirst().orElse("no answer");
        return line.length() <= 160 ? line : line.substring(0, 160) + "...";
    }

    /** Left to itself a driver waits for as long as TCP does; these of its properties end that. The URL counts more. */
    public Map<String, String> limits(Duration connect, Duration silence) {
        Map<String, String> limits = new LinkedHashMap<>();
        switch (kind()) {
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
