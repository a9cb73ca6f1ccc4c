package org.sipdispatch.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.settings.SettingException;

class StoreSettingsTest {
    @Test
    void withoutAUrlTheJournalIsAFileInTheDataDirectory() {
        StoreSettings settings = StoreSamples.settings("", Path.of("data"));

        assertThat(settings.database().url())
                .startsWith("jdbc:h2:file:" + Path.of("data").toAbsolutePath() + "/journal;DATABASE_TO_UPPER=false");
        assertThat(settings.connectTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(settings.connections()).isEqualTo(2);
        assertThat(settings.snapshotEvery()).isEqualTo(50);
        assertThat(settings.keepSnapshots()).isEqualTo(10);
    }

    @Test
    void aUrlAsOpenSipsWritesItNamesUserAndPassword() {
        StoreSettings settings = StoreSamples.settings("mysql://sip:s3cret@db/sip");

        assertThat(settings.database().url()).isEqualTo("jdbc:mariadb://db/sip");
        assertThat(settings.database().user()).isEqualTo("sip");
        assertThat(Store.open(settings).persistence().getString("akka-persistence-jdbc.shared-databases.slick.db.user"))
                .isEqualTo("sip");
    }

    @Test
    void whatCannotBeUsedIsRefusedWithoutShowingPasswords() {
        assertThatThrownBy(() -> StoreSamples.settings("oracle://sip:s3cret@db/sip"))
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith("journal.db_url: oracle://sip:***@db/sip (expected: jdbc:h2:")
                .hasMessageNotContaining("s3cret");
        assertThatThrownBy(() -> StoreSamples.settings("db_pasword = s3cret", Path.of(".")))
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith("journal.db_pasword: an unknown key (expected: one of db_url, ");
        StoreSettings unreadable = StoreSamples.settings("jdbc:postgresql://h/%zz?password=s3cret");
        assertThatThrownBy(() -> Store.open(unreadable))
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith("journal.db_url: jdbc:postgresql://h/%zz?password=***")
                .hasMessageNotContaining("s3cret");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            mysql://u:p@h:99999/db                     | mysql://u:***@h:99999/db
            postgres://h:0/db                          | postgres://h:0/db
            jdbc:mariadb://h:65536/db?user=u           | jdbc:mariadb://h:65536/db?user=u
            jdbc:postgresql://h,h2:99999/db            | jdbc:postgresql://h,h2:99999/db
            jdbc:postgresql://[::1]:99999/db           | jdbc:postgresql://[::1]:99999/db
            jdbc:mariadb://u:s3cret                    | jdbc:mariadb://u:***
            jdbc:mariadb://h:3306,u:s3cret/db          | jdbc:mariadb://h:3306,u:***/db
            jdbc:postgresql://h:x:y/?password=s3cret   | jdbc:postgresql://h:***
            """)
    void aPortThatIsNoneIsRefusedWithoutShowingWhatMayBeAPassword(String url, String shown) {
        assertThatThrownBy(() -> StoreSamples.settings(url))
                .isInstanceOf(SettingException.class)
                .hasMessage("journal.db_url: " + shown + " (expected: a port from 1 to 65535 after the host)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mysql://u:p@h:65535/db",
                "jdbc:mariadb://h1:3306,h2:1,h3/db",
                "jdbc:mariadb:loadbalance://h1:3306,h2/db",
                "jdbc:mariadb://address=(host=::1)(port=3306)/db",
                "jdbc:postgresql://[::1]:5432/db",
                "jdbc:postgresql:db",
                "jdbc:h2:tcp://h:9092/db"
            })
    void portsThatAreOnesAreTaken(String url) {
        assertThat(StoreSamples.settings(url).database()).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            mysql://u:s3cret          | mysql://u:***
            mysql://u:s3cret/x        | mysql://u:***
            mysql://u:1234567/db      | mysql://u:***
            mysql:u:s3cret            | mysql:u:***
            oracle://u:s3cret         | oracle://u:***
            jdbc:oracle:thin:u/s3cret | jdbc:oracle:thin:***
            mysql://h:3306            | mysql://h:3306
            """)
    void aPasswordWithoutAHostIsNotShown(String url, String shown) {
        assertThatThrownBy(() -> StoreSamples.settings(url))
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith("journal.db_url: " + shown + " (expected: ");
    }
}
