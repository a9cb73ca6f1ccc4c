package org.sipdispatch.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
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
        assertThatThrownBy(() -> Store.open(StoreSamples.settings("jdbc:postgresql://h:x:y/?password=s3cret")))
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith("journal.db_url: jdbc:postgresql://h:x:y/?password=***")
                .hasMessageNotContaining("s3cret");
    }
}
