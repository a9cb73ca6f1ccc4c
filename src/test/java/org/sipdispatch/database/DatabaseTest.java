package org.sipdispatch.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.UnknownHostException;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseTest {
    private static final Database DATABASE = new Database("jdbc:mariadb://db1.example.org/opensips", "opensips", "db");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            no connection to db1.example.org   | no connection to db1.example.org
            no connection to x-db.example.org  | no connection to x-db.example.org
            no connection to db.example.org    | no connection to db.example.org
            database mydb_db                   | database mydb_db
            password=db&user=x                 | password=***&user=x
            mysql://opensips:db@host           | mysql://opensips:***@host
            wrong password 'db'                | wrong password '***'
            wrong password db.                 | wrong password ***.
            db                                 | ***
            """)
    void thePasswordIsHiddenOnlyWhereItStandsAlone(String message, String shown) {
        assertThat(DATABASE.cause(new SQLException(message))).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            trk:tr0nkpw@127.0.0.1                       | trk:***@127.0.0.1
            Incorrect port value : tr0nkpw@127.0.0.1    | Incorrect port value : ***@127.0.0.1
            no jdbc:mysql://trk:tr0nkpw@127.0.0.1/t now | no jdbc:mysql://trk:***@127.0.0.1/t now
            """)
    void thePasswordThatADriverTakesForTheHostIsHidden(String message, String shown) {
        Database database = new Database("jdbc:mysql://trk:tr0nkpw@127.0.0.1/t", null, null);

        assertThat(database.cause(new SQLException(message))).isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdbc:mariadb://127.0.0.1:99999/db", "jdbc:mariadb://127.0.0.1:x/db"})
    void aDriverThatCannotReadTheUrlIsAFailureToConnect(String url) {
        Database database = new Database(url, "opensips", "db");

        assertThatThrownBy(() -> ConnectionPool.probe(database, Duration.ofSeconds(1)))
                .isInstanceOf(SQLException.class)
                .satisfies(failure -> assertThat(database.cause(failure)).contains("port"));
    }

    @Test
    void aHostWithoutAddressIsCalledUnknown() {
        SQLException failure = new SQLException("connection failed", new UnknownHostException("db1.example.org"));

        assertThat(DATABASE.cause(failure)).isEqualTo("unknown host: db1.example.org");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            jdbc:h2:file:./data/x                          | ;DB_CLOSE_ON_EXIT=FALSE
            jdbc:h2:~/x;DATABASE_TO_UPPER=false            | ;DB_CLOSE_ON_EXIT=FALSE
            jdbc:h2:file:./data/x;db_close_on_exit=true    | ''
            jdbc:h2:file:./data/x;AUTO_SERVER=TRUE         | ''
            jdbc:h2:mem:x                                  | ''
            jdbc:h2:tcp://127.0.0.1/x                      | ''
            jdbc:postgresql://127.0.0.1/x                  | ''
            """)
    void anEmbeddedDatabaseIsNotClosedByAShutdownHook(String url, String added) {
        assertThat(new Database(url, null, null).connectUrl()).isEqualTo(url + added);
    }
}
