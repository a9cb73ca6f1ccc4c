package org.sipdispatch.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.sip.TestMessages.via;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ViaTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            SIP/2.0/UDP host                                    | UDP     | host            | -1   | NONE
            SIP/2.0/TCP host:5060;branch=z9hG4bKa               | TCP     | host            | 5060 | z9hG4bKa
            sip/2.0/tls [2001:db8::1]:5061;branch=b             | tls     | [2001:db8::1]   | 5061 | b
            SIP/2.0/UDP [::ffff:192.0.2.1];BRANCH=b             | UDP     | [::ffff:192.0.2.1] | -1 | b
            SIP / 2.0 / UDP   host : 5062 ; branch = b          | UDP     | host            | 5062 | b
            SIP/2.0/UDP host;x="a,b;branch=no";branch=yes       | UDP     | host            | -1   | yes
            SIP/2.0/UDP host;x="a\\"b;branch=no";branch=yes     | UDP     | host            | -1   | yes
            SIP/2.0/UDP host;rport;branch=b;lr, SIP/2.0/TCP h2;branch=c | UDP | host        | -1   | b
            SIP/2.0/UNKNOWN h_1.example.com.;branch=b           | UNKNOWN | h_1.example.com. | -1  | b
            SIP/2.0/UDP host;received=2001:db8::9;branch=b      | UDP     | host            | -1   | b
            SIP/2.0/UDP host;received=[2001:db8::9];branch=b    | UDP     | host            | -1   | b
            SIP/7.0/UDP host;branch=b                           | UDP     | host            | -1   | b
            """)
    void itsPartsAreFound(String text, String transport, String host, int port, String branch) {
        Via via = via(text);

        assertThat(via).isNotNull();
        assertThat(via.transport()).isEqualTo(transport);
        assertThat(via.host()).isEqualTo(host);
        assertThat(via.port()).isEqualTo(port);
        assertThat(String.valueOf(via.parameterText("branch"))).isEqualTo(branch.equals("NONE") ? "null" : branch);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "SIP",
                "SIP/2.0",
                "SIP/2.0/",
                "SIP/2.0/UDP",
                "SIP/2.0/UDP ",
                "SIP/2.0/UDP ;branch=b",
                "SIP/2.0/UDP host:",
                "SIP/2.0/UDP host:x",
                "SIP/2.0/UDP host:65536",
                "SIP/2.0/UDP host:5060x",
                "SIP/2.0/UDP ho$t",
                "SIP/2.0/UDP 2001:db8::1",
                "SIP/2.0/UDP [2001:db8::1",
                "SIP/2.0/UDP []",
                "SIP/2.0/UDP [no address]",
                "SIP/2.0/UDP [::1]x",
                "SIP/2.0/UDP host;",
                "SIP/2.0/UDP host;;branch=b",
                "SIP/2.0/UDP host;=b",
                "SIP/2.0/UDP host;branch=",
                "SIP/2.0/UDP host;branch=\"open",
                "SIP/2.0/UDP host branch=b",
                "SIP 2.0/UDP host",
                "SIP//UDP host",
            })
    void nonsenseIsRefused(String text) {
        assertThat(via(text)).isNull();
    }

    @Test
    void itEndsAtTheCommaBeforeTheNext() {
        String text = "SIP/2.0/UDP a;x=\"1,2\" ,\r\n SIP/2.0/TCP b;branch=c";
        byte[] bytes = Ascii.bytes(text);

        Via first = Via.parse(bytes, 0, bytes.length);
        Via second = Via.parse(bytes, first.end() + 1, bytes.length);

        assertThat(first.end()).isEqualTo(text.indexOf(" ,") + 1);
        assertThat(second.host()).isEqualTo("b");
        assertThat(second.parameterText("branch")).isEqualTo("c");
        assertThat(second.end()).isEqualTo(bytes.length);
    }

    @Test
    void aParameterWithoutValueIsEmptyAndAMissingOneAbsent() {
        Via via = via("SIP/2.0/UDP a;rport;branch=b");

        assertThat(via.parameterText("rport")).isEmpty();
        assertThat(via.parameterText("received")).isNull();
        assertThat(via.parameter("received")).isEqualTo(Parameters.ABSENT);
    }

    @Test
    void sentByEndsBehindThePort() {
        String text = "SIP/2.0/UDP a:5060 ;branch=b";

        assertThat(via(text).sentByEnd()).isEqualTo(text.indexOf(" ;"));
        assertThat(via(text).parameters()).isEqualTo(text.indexOf(';'));
    }
}
