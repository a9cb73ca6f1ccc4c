package org.sipdispatch.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.sipdispatch.settings.SettingException;

class RequestMatcherTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "method = INVITE; INVITE; true",
                "method = INVITE; OPTIONS; false",
                "method = INVITE; ACK; true",
                "method = INVITE; CANCEL; true",
                "method = OPTIONS; ACK; false",
                "method = OPTIONS; CANCEL; false",
                "method = ACK; ACK; true",
                "method = ACK; INVITE; false",
                "method = [INVITE, BYE]; BYE; true",
                "method = \"INVITE,BYE\"; BYE; true",
                "method = \"INVITE | BYE\"; BYE; true",
                "method = \"INVITE | BYE\"; MESSAGE; false",
                "source = 192.0.2.1; INVITE; true",
                "source = \"192.0.2.0/24\"; INVITE; true",
                "source = \"10.0.0.0/8, 192.0.2.0/24\"; INVITE; true",
                "source = [\"10.0.0.0/8\", \"192.0.2.0/24\"]; INVITE; true",
                "source = \"10.0.0.0/8\"; INVITE; false",
                "socket = main; INVITE; true",
                "socket = [other, main]; INVITE; true",
                "socket = other; INVITE; false",
                "ruri = \"^sip:bob\"; INVITE; true",
                "ruri = \"user=phone$\"; INVITE; true",
                "ruri = \"^bob\"; INVITE; false",
                "to-tag = off; INVITE; true",
                "to-tag = on; INVITE; false",
                "header { X-Tenant = \"^a\" }; INVITE; true",
                "header { x-tenant = \"^a\" }; INVITE; true",
                "header { X-Tenant = \"^b\" }; INVITE; false",
                "header { X-Other = \"\" }; INVITE; false",
                "header { X-Tenant = a, Call-ID = \"^c1\" }; INVITE; true",
                "header { X-Tenant = a, Call-ID = \"^c2\" }; INVITE; false",
                "method = INVITE, source = \"10.0.0.0/8\"; INVITE; false",
                "; INVITE; true"
            })
    void allThatIsGivenMustHold(String when, String method, boolean accepted) {
        RequestMatcher match = Facts.matcher(when == null ? "" : when);

        assertThat(match.matches(Facts.of(method, "X-Tenant: acme"))).isEqualTo(accepted);
    }

    @Test
    void aToTagIsSeen() {
        RequestFacts inDialog = Facts.written(
                "192.0.2.1",
                Facts.of("BYE")
                        .request()
                        .toString()
                        .replace("To: <sip:carol@biloxi.example.com:5080>", "To: <sip:c@b>;tag=1"));

        assertThat(Facts.matcher("to-tag = on").matches(inDialog)).isTrue();
        assertThat(Facts.matcher("to-tag = off").matches(inDialog)).isFalse();
    }

    @ParameterizedTest
    @MethodSource
    void whatMakesNoSenseIsRefused(String when, String message) {
        assertThatThrownBy(() -> Facts.matcher(when))
                .isInstanceOf(SettingException.class)
                .hasMessage(message);
    }

    static Stream<Arguments> whatMakesNoSenseIsRefused() {
        return Stream.of(
                Arguments.of(
                        "method = \"IN VITE\"", "method: IN VITE (expected: method names in capitals such as INVITE)"),
                Arguments.of("method = invite", "method: invite (expected: method names in capitals such as INVITE)"),
                Arguments.of(
                        "method = \"INVITE,,BYE\"",
                        "method: INVITE,,BYE (expected: method names in capitals such as INVITE)"),
                Arguments.of(
                        "source = nowhere",
                        "source: nowhere (expected: an address block such as 10.1.0.0/16 or 2001:db8::/32)"),
                Arguments.of("ruri = \"(\"", "ruri: ( (expected: a regular expression, Unclosed group)"),
                Arguments.of(
                        "header { X-A = \"[\" }",
                        "header.X-A: [ (expected: a regular expression, Unclosed character class)"),
                Arguments.of("to-tag = maybe", "to-tag: maybe (expected: on or off)"),
                Arguments.of(
                        "mehtod = INVITE",
                        "mehtod: an unknown key (expected: one of the keys source, ruri, header, method, socket, to-tag,"
                                + " in-set, count;"
                                + " did you mean method?)"));
    }
}
