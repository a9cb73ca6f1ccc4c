package org.sipdispatch.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import org.junit.jupiter.api.Test;
import org.sipdispatch.settings.Section;
import org.sipdispatch.settings.SettingException;

class ClusterSettingsTest {
    @Test
    void seedNodesFromTheEnvironmentComeInOneText() {
        ClusterSettings settings = settings("host = a, port = 2552, seed-nodes = \"a:2552, b:2552,c:2552\"");

        assertThat(settings.seedNodes()).containsExactly("a:2552", "b:2552", "c:2552");
        assertThat(settings.others()).containsExactly("b:2552", "c:2552");
        assertThat(settings.hasPeers()).isTrue();
    }

    @Test
    void seedNodesInAFileAreAList() {
        assertThat(settings("host = a, port = 1, seed-nodes = [ \"a:1\", \"b:1\" ]")
                        .seedNodes())
                .containsExactly("a:1", "b:1");
    }

    @Test
    void anEmptyVariableStandsForNoSeedNodes() {
        assertThat(settings("seed-nodes = \"\"").hasPeers()).isFalse();
    }

    @Test
    void aNodeThatIsNotAmongTheSeedNodesIsRefused() {
        assertThatThrownBy(() -> settings("host = c, port = 1, seed-nodes = \"a:1,b:1\""))
                .isInstanceOf(SettingException.class)
                .hasMessageContaining("this one (c:1) included");
    }

    private static ClusterSettings settings(String cluster) {
        return ClusterSettings.from(Section.root(ConfigFactory.parseString("sip-dispatcher.cluster { " + cluster + " }")
                        .withFallback(ConfigFactory.defaultReferenceUnresolved())
                        .resolve()
                        .getConfig("sip-dispatcher"))
                .section("cluster"));
    }
}
