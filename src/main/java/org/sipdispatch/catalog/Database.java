package org.sipdispatch.catalog;

/**
 * A database and who asks it; partitions that agree in all three share a pool.
 *
 * @param url a JDBC URL
 * @param user null if the URL says it, or nobody does
 * @param password the same
 */
record Database(String url, String user, String password) {
    /** A URL without the passwords that it may carry, in any of the forms that we read and some that we do not. */
    static String withoutPassword(String url) {
        // H2 sets its parameters apart with semicolons, which a password elsewhere may hold.
        String end = url.startsWith("jdbc:h2:") ? ";" : "&";
        return url.replaceAll("(?is)(pass(?:word|wd)?|pwd|secret)=[^" + end + "]*", "$1=***")
                .replaceAll("(?s)^((?:jdbc:)?\\w*:(?://)?[^:@]*):.*@", "$1:***@");
    }

    String shownUrl() {
        return withoutPassword(url);
    }

    /** Why a database could not be used, in a few words. */
    String cause(Throwable failure) {
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

    @Override
    public String toString() {
        return shownUrl();
    }
}
