package org.sipdispatch.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.settings.SettingException;

class ManageSettingsTest {
    private static final String TOKEN = "tokens = [ { name = ann, token = a-long-enough-token, role = write } ]\n";

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.3.2.1", "localhost", "::1"})
    void onLoopbackNobodyNeedsAToken(String host) {
        assertThat(UnstartedNodeServer.settings("host = \"" + host + "\"").requiresAuthentication())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "10.0.0.1", "127.0.0.1.example.com", "sip.example.com"})
    void elsewhereAStartWithoutTokensIsRefused(String host) {
        assertThatThrownBy(() -> UnstartedNodeServer.settings("host = \"" + host + "\""))
                .isInstanceOf(SettingException.class)
                .hasMessage("management.host: " + host + " (expected: 127.0.0.1 if neither"
                        + " management.tokens nor management.tls.client-ca is set)");
        assertThat(UnstartedNodeServer.settings(TOKEN + "host = \"" + host + "\"")
                        .requiresAuthentication())
                .isTrue();
        assertThat(UnstartedNodeServer.settings("enabled = off\nhost = \"" + host + "\"")
                        .requiresAuthentication())
                .isFalse();
    }

    @Test
    void aTokenThatTheEnvironmentDoesNotHaveDoesNotCount() {
        String absent = "tokens = [ { name = ann, token = ${?SIP_DISPATCHER_NO_SUCH_TOKEN}, role = write } ]\n";

        assertThat(UnstartedNodeServer.settings(absent).requiresAuthentication())
                .isFalse();
        assertThatThrownBy(() -> UnstartedNodeServer.settings(absent + "host = \"0.0.0.0\""))
                .isInstanceOf(SettingException.class);
    }

    @Test
    void anEmptyTokenIsRefused() {
        assertThatThrownBy(
                        () -> UnstartedNodeServer.settings("tokens = [ { name = ann, token = \"\", role = write } ]"))
                .hasMessageStartingWith("management.tokens[0].token: of 0 characters");
    }

    @Test
    void settingsDoNotTellSecrets() {
        assertThat(UnstartedNodeServer.settings(TOKEN).toString())
                .contains("ann")
                .doesNotContain("a-long-enough-token");
    }

    @Test
    void theAuthoritiesOfOtherNodesNeedACertificate() {
        assertThatThrownBy(() -> UnstartedNodeServer.settings("tls.node-ca = ca.pem"))
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith("management.tls.node-ca: ca.pem");
    }
}
