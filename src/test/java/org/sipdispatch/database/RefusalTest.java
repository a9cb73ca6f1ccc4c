package org.sipdispatch.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a failed statement is told as. */
class RefusalTest {
    @ParameterizedTest
    @CsvSource({
        "42P01, 0, a table is missing",
        "42S02, 1146, a table is missing",
        "42S04, 42104, a table is missing",
        "42501, 0, the user lacks a privilege",
        "42000, 1142, the user lacks a privilege",
        "90096, 90096, the user lacks a privilege",
        "08001, 0, the database cannot be reached",
        "28P01, 0, the database cannot be reached",
        "53100, 0, the database refuses the statement",
        ", 0, the database refuses the statement",
    })
    void sqlStateAndCodeSayWhichItIs(String state, int code, String message) {
        assertThat(Database.refusal(new SQLException("reason", state, code))).isEqualTo(message);
    }

    @Test
    void silenceIsNoRefusal() {
        assertThat(Database.refusal(new SQLTimeoutException("too long"))).isEqualTo("the database does not answer");
        assertThat(Database.refusal(new SQLTransientConnectionException("none", new TimeoutException("none"))))
                .isEqualTo("the database does not answer");
    }
}
