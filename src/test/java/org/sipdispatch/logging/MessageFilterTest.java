package org.sipdispatch.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.spi.FilterReply;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MessageFilterTest {
    private static final String LATE_SNAPSHOT = "Unexpected [{}] from SnapshotStore";

    private static FilterReply decided(String template) {
        MessageFilter filter = new MessageFilter();
        filter.setPrefix(LATE_SNAPSHOT);
        LoggingEvent event =
                new LoggingEvent("", new LoggerContext().getLogger("akka"), Level.WARN, template, null, new Object[0]);
        return filter.decide(event);
    }

    @Test
    void onlyLinesWithTheBeginningAreDropped() {
        assertThat(decided(LATE_SNAPSHOT + ", already in replaying events state."))
                .isEqualTo(FilterReply.DENY);
        assertThat(decided("Unexpected [{}] from another store")).isEqualTo(FilterReply.NEUTRAL);
        assertThat(decided(null)).isEqualTo(FilterReply.NEUTRAL);
    }

    @Test
    void theLogsConfigurationDropsALineThatAkkaHas() throws IOException {
        assertThat(Files.readString(Path.of("conf/logback.xml")))
                .contains(MessageFilter.class.getName(), "<prefix>" + LATE_SNAPSHOT + "</prefix>");
        try (InputStream akka =
                getClass().getResourceAsStream("/akka/persistence/typed/internal/ReplayingEvents.class")) {
            assertThat(new String(akka.readAllBytes(), StandardCharsets.ISO_8859_1))
                    .contains(LATE_SNAPSHOT);
        }
    }

    @Test
    void theLogsConfigurationSilencesAnInternalLineOfAkka() throws IOException, JoranException {
        String stage = "akka.stream.impl.io.ConnectionSourceStage$$anon$1";
        LoggerContext log = new LoggerContext();
        JoranConfigurator configuration = new JoranConfigurator();
        configuration.setContext(log);
        try {
            configuration.doConfigure("conf/logback.xml");

            assertThat(log.getLogger(stage).isWarnEnabled()).isFalse();
            assertThat(log.getLogger("akka.stream.impl.io.TcpStages").isWarnEnabled())
                    .isTrue();
        } finally {
            log.stop();
        }
        try (InputStream akka = getClass().getResourceAsStream("/" + stage.replace('.', '/') + ".class")) {
            assertThat(new String(akka.readAllBytes(), StandardCharsets.ISO_8859_1))
                    .contains("Unexpected message to TcpStage");
        }
    }
}
