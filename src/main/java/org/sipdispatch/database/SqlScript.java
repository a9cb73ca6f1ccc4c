package org.sipdispatch.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Splits a file of SQL statements that end in semicolons and may contain comments of both kinds. */
public final class SqlScript {
    private final String text;
    private final List<String> statements = new ArrayList<>();
    private final StringBuilder statement = new StringBuilder();

    private SqlScript(String text) {
        this.text = text;
    }

    public static void run(Connection connection, String text) throws SQLException {
        try (Statement runner = connection.createStatement()) {
            for (String statement : statements(text)) {
                runner.execute(statement);
            }
        }
    }

    public static List<String> statements(String text) {
        SqlScript script = new SqlScript(text);
        int at = 0;
        while (at < text.length()) {
            at = script.take(at);
        }
        script.endStatement();
        return script.statements;
    }

    /** Consumes a comment, a quoted text or one character. Returns the index after it. */
    private int take(int at) {
        if (text.startsWith("--", at)) {
            return indexAfter("\n", at);
        }
        if (text.startsWith("/*", at)) {
            return indexAfter("*/", at + 2);
        }
        char c = text.charAt(at);
        if (c == ';') {
            endStatement();
            return at + 1;
        }
        // A doubled quote is read as two adjacent quoted texts, with the same result.
        int end = c == '\'' || c == '"' || c == '`' ? indexAfter(String.valueOf(c), at + 1) : at + 1;
        statement.append(text, at, end);
        return end;
    }

    private int indexAfter(String mark, int from) {
        int found = text.indexOf(mark, from);
        return found < 0 ? text.length() : found + mark.length();
    }

    private void endStatement() {
        if (!statement.toString().isBlank()) {
            statements.add(statement.toString().strip());
        }
        statement.setLength(0);
    }
}
