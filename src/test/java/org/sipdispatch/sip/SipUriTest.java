package org.sipdispatch.sip;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.sip.SipUri.Scheme;

class SipUriTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', emptyValue = "", textBlock = """
            sip:example.com                             | SIP  | ''              | example.com   | -1   | ''
            sip:a@example.com                           | SIP  | a               | example.com   | -1   | ''
            SIPS:a:secret@example.com:5061              | SIPS | a               | example.com   | 5061 | ''
            sip:a:@h                                    | SIP  | a               | h             | -1   | ''
            sip:a;p=1?x=2@h;lr                          | SIP  | a;p=1?x=2       | h             | -1   | ;lr
            sip:sips%3Auser%40example.com@example.net   | SIP  | sips%3Auser%40example.com | example.net | -1 | ''
            sip:+1-201;isub=3@h;user=phone              | SIP  | +1-201;isub=3   | h             | -1   | ;user=phone
            sip:a@[2001:db8::1]                         | SIP  | a               | [2001:db8::1] | -1   | ''
            sip:[2001:db8::1]:5070;transport=TCP        | SIP  | ''              | [2001:db8::1] | 5070 | ;transport=TCP
            sip:[2001:db8::10:5070]                     | SIP  | ''              | [2001:db8::10:5070] | -1 | ''
            sip:a@h:5060;x=1?subject=y&to=z;w           | SIP  | a               | h             | 5060 | ;x=1
            sip:h?a=b;c                                 | SIP  | ''              | h             | -1   | ''
            tel:+1-201-555;phone-context=x              | TEL  | +1-201-555      | ''            | -1   | ;phone-context=x
            soap.beep://192.0.2.103:3002                | OTHER | ''             | ''            | -1   | ''
            isbn:2983792873                             | OTHER | ''             | ''            | -1   | ''
            """)
    void itsPartsAreFound(String text, Scheme scheme, String user, String host, int port, String parameters) {
        SipUri uri = SipUri.parse(text);

        assertThat(uri).isNotNull();
        assertThat(uri.scheme()).isEqualTo(scheme);
        assertThat(uri.user()).isEqualTo(user);
        assertThat(uri.host()).isEqualTo(host);
        assertThat(uri.port()).isEqualTo(port);
        assertThat(uri.parametersText()).isEqualTo(parameters);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sip",
                "sip:",
                ":a@b",
                "sip:@h",
                "sip::p@h",
                "sip:a@",
                "sip:a@b@c",
                "sip:a@h:",
                "sip:a@h:x",
                "sip:a@h:65536",
                "sip:a@h:-1",
                "sip:2001:db8::10",
                "sip:a@[2001:db8::1",
                "sip:a@[]",
                "sip:a@[x y]",
                "sip:a@[::1]x",
                "sip:a b@h",
                "sip:a@h;x=\"y\"",
                "<sip:a@h>",
                "sip:a@h\r\n",
                "sip:a@h\0",
                "tel:",
                "tel:;x",
                "isbn:",
                "s@p:a@h",
            })
    void nonsenseIsRefused(String text) {
        assertThat(SipUri.parse(text)).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            sip:h                              | udp  | 5060
            sips:h                             | tls  | 5061
            sips:h;transport=tcp               | tls  | 5061
            sips:h;transport=ws                | wss  | 443
            sip:h;transport=TCP                | tcp  | 5060
            sip:h;Transport=Tls;lr             | tls  | 5061
            sip:h;lr;x=[/:&+$];transport=wss   | wss  | 443
            sip:h;transport=ws                 | ws   | 80
            sip:h;a[b]=1;transport=tcp         | tcp  | 5060
            sip:h;a(b)c;transport=tcp          | tcp  | 5060
            sip:h;/=:;transport=tcp            | tcp  | 5060
            sip:h;x=1,2;transport=tcp          | tcp  | 5060
            sip:h;;transport=tcp               | tcp  | 5060
            sip:a;transport=tcp@h              | udp  | 5060
            sip:h?transport=tcp                | udp  | 5060
            """)
    void transportDecidesThePort(String text, String transport, int port) {
        SipUri uri = SipUri.parse(text);

        assertThat(uri.transport()).isEqualTo(transport);
        assertThat(uri.defaultPort()).isEqualTo(port);
    }

    @Test
    void aPasswordIsSeenButNoUser() {
        assertThat(SipUri.parse("sip:a:b@h").hasPassword()).isTrue();
        assertThat(SipUri.parse("sip:a:@h").hasPassword()).isTrue();
        assertThat(SipUri.parse("sip:a@h").hasPassword()).isFalse();
        assertThat(SipUri.parse("sip:h:5060").hasPassword()).isFalse();
        assertThat(SipUri.parse("tel:1").hasPassword()).isFalse();
    }

    @Test
    void hostAndPortEndBeforeParametersAndHeaders() {
        assertThat(SipUri.parse("sip:a@h:1;x?y").hostPortEnd()).isEqualTo(9);
        assertThat(SipUri.parse("sip:a@h:1?y;x").hostPortEnd()).isEqualTo(9);
        assertThat(SipUri.parse("sip:a@h:1").hostPortEnd()).isEqualTo(9);
        assertThat(SipUri.parse("sip:a@h:1?y").hasHeaders()).isTrue();
        assertThat(SipUri.parse("sip:a?b@h").hasHeaders()).isFalse();
    }
}
