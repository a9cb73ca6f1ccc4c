package org.sipdispatch.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sipdispatch.database.FullDisk;
import org.sipdispatch.settings.Section;
import org.sipdispatch.store.Store;
import org.sipdispatch.store.StoreSettings;
import org.slf4j.LoggerFactory;

/** The log lines about a journal that is not available, and their frequency. */
class SchemaInitializerTest {
    private static final Logger LOG = (Logger) LoggerFactory.getLogger(SchemaInitializer.class);

    @TempDir
    Path directory;

    private final List<ILoggingEvent> said = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> ear = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            said.add(event);
        }
    };

    @BeforeEach
    void listen() {
        LOG.setLevel(ch.qos.logback.classic.Level.INFO);
        ear.start();
        LOG.addAppender(ear);
        FullDisk.register();
        FullDisk.fill(true);
    }

    @AfterEach
    void close() {
        FullDisk.fill(false);
        LOG.detachAppender(ear);
        LOG.setLevel(null);
    }

    private final AtomicBoolean made = new AtomicBoolean();

    private List<String> lines() {
        return said.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void aFullDiskIsNamedOnceAndTheTablesAreMadeWhenThereIsSpace() {
        Section root = Section.root(ConfigFactory.defaultReferenceUnresolved()
                .withValue(
                        "sip-dispatcher.journal.db_url",
                        ConfigValueFactory.fromAnyRef("jdbc:h2:fulldisk:" + directory + "/journal"))
                .withValue("sip-dispatcher.journal.connect_timeout", ConfigValueFactory.fromAnyRef("500ms"))
                .resolve()
                .getConfig("sip-dispatcher"));
        String name = "the journal (file " + directory + "/journal.mv.db) is ";
        String named = name + "not available, states and history are not stored until it is: the disk of " + directory
                + " is full (No space left on device)";
        try (Store store = Store.open(StoreSettings.from(root.section("journal"), directory.toString()));
                SchemaInitializer maker = new SchemaInitializer(store, () -> made.set(true))) {
            maker.start();
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> lines().contains(named));
            // More than one attempt of the class, and of this test.
            for (int i = 0; i < 3; i++) {
                assertThat(store.prepare()).isFalse();
            }
            FullDisk.fill(false);
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> lines().contains(name + "available"));
        }

        assertThat(made).isTrue();
        assertThat(lines()).filteredOn(named::equals).hasSize(1);
        assertThat(said).allMatch(event -> event.getThrowableProxy() == null);
    }
}
