package org.sipdispatch.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipdispatch.membership.ClusterSettings;
import org.sipdispatch.settings.Section;

class SessionConfigTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            port = 0                                                                            | PT1H
            port = 2552, insecure = yes, seed-nodes = [ "127.0.0.1:2552", "10.0.0.8:2552" ]     | PT0.25S
            """)
    void aNodeWithoutOthersHasNoHeartbeatsThatAreLate(String cluster, Duration interval) {
        Config config = ConfigFactory.parseString("sip-dispatcher.cluster { " + cluster + " }")
                .withFallback(ConfigFactory.defaultReference());
        ClusterSettings settings = ClusterSettings.from(
                Section.root(config.getConfig("sip-dispatcher")).section("cluster"));

        assertThat(SessionConfig.of(settings, ConfigFactory.empty())
                        .getDuration("akka.cluster.failure-detector.heartbeat-interval"))
                .isEqualTo(interval);
    }
}
