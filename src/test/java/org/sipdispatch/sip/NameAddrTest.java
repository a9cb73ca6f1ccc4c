package org.sipdispatch.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.sip.TestMessages.nameAddr;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NameAddrTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            sip:a@b                                  | sip:a@b             | NONE
            sip:a@b;tag=t                            | sip:a@b             | t
            sip:a@b ; tag = t                        | sip:a@b             | t
            <sip:a@b;tag=no>;tag=t                   | sip:a@b;tag=no      | t
            <sip:a@b;tag=no>                         | sip:a@b;tag=no      | NONE
            Al<sip:a@b>;TAG=t                        | sip:a@b             | t
            Al B. Cd <sip:a@b>;x;tag=t               | sip:a@b             | t
            Bell, Al <sip:a@b>;tag=t                 | sip:a@b             | t
            "Al" <sip:a@b>;tag=t                     | sip:a@b             | t
            "A \\" <sip:no> \\\\" <sip:a@b> ;tag=t   | sip:a@b             | t
            "A;tag=no,"<sip:a,b@b>;tag=t             | sip:a,b@b           | t
            <sip:a@b>;x="tag=no;tag=no,";tag=t       | sip:a@b             | t
            sip:a@b;x="y";tag=t                      | sip:a@b             | t
            sip:a@b;x="<y>";tag=t                    | sip:a@b             | t
            sip:a@b, <sip:c@d>;tag=no                | sip:a@b             | NONE
            sip:a@b;tag=t,"C" <sip:c@d>;tag=no       | sip:a@b             | t
            <sip:a@b>;tag=t, <sip:c@d>;tag=no        | sip:a@b             | t
            tel:+1-201-555;tag=t                     | tel:+1-201-555      | t
            <>;tag=t                                 | MALFORMED           | NONE
            """)
    void addressAndTagAreFound(String text, String uri, String tag) {
        NameAddr address = nameAddr(text);

        if (uri.equals("MALFORMED")) {
            assertThat(address).isNull();
            return;
        }
        assertThat(address).isNotNull();
        assertThat(address.uriText()).isEqualTo(uri);
        assertThat(String.valueOf(address.tagText())).isEqualTo(tag.equals("NONE") ? "null" : tag);
        assertThat(address.hasTag()).isEqualTo(!tag.equals("NONE"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ";tag=t",
                "<sip:a@b",
                "\"Al <sip:a@b>",
                "\"Al\" sip:a@b",
                "Al\" <sip:a@b>",
                "<sip:a@b> tag=t",
                "<sip:a@b>;",
                "<sip:a@b>;tag=",
                "sip:a@b x",
            })
    void nonsenseIsRefused(String text) {
        assertThat(nameAddr(text)).isNull();
    }

    @Test
    void itEndsAtTheCommaBeforeTheNext() {
        String text = "\"a,b\" <sip:a,1@b;x=\",\">;lr , <sip:c@d>";
        byte[] bytes = Ascii.bytes(text);

        NameAddr first = NameAddr.parse(bytes, 0, bytes.length);
        NameAddr second = NameAddr.parse(bytes, first.end() + 1, bytes.length);

        assertThat(text.charAt(first.end())).isEqualTo(',');
        assertThat(second.uriText()).isEqualTo("sip:c@d");
    }

    @Test
    void aMalformedUriIsNoUriYetTheRestIsRead() {
        NameAddr address = nameAddr("\"W\" < sip:a@b >;tag=t");

        assertThat(address.uri()).isNull();
        assertThat(address.tagText()).isEqualTo("t");
    }
}
