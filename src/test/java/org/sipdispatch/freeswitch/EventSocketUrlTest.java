package org.sipdispatch.freeswitch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventSocketUrlTest {
    @ParameterizedTest
    @CsvSource({
        "fs://:ClueCon@10.0.0.1, '', ClueCon, 10.0.0.1, 8021",
        "fs://:ClueCon@10.0.0.1:9021, '', ClueCon, 10.0.0.1, 9021",
        "fs://ann:s3:c@ret@FS1.example.com/, ann, s3:c@ret, fs1.example.com, 8021",
        "fs://ann@example.com:pw@fs1, ann@example.com, pw, fs1, 8021",
        "FS://:p@[2001:db8::1]:8022, '', p, 2001:db8::1, 8022"
    })
    void aUrlHasALoginAndAnAddress(String text, String user, String password, String host, int port) {
        assertThat(EventSocketUrl.parse(text)).isEqualTo(new EventSocketUrl(user, password, host, port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fs://",
                "fs://10.0.0.1",
                "fs://ClueCon@10.0.0.1",
                "fs://:@10.0.0.1",
                "fs://:a b@10.0.0.1",
                "fs://:a\napi shutdown@10.0.0.1",
                "fs://:p@",
                "fs://:p@10.0.0.1:0",
                "fs://:p@10.0.0.1:65536",
                "fs://:p@10.0.0.1:80219",
                "fs://:p@host?x",
                "http://:p@10.0.0.1"
            })
    void anythingElseIsNone(String text) {
        assertThat(EventSocketUrl.parse(text)).isNull();
    }

    @Test
    void noTextShowsThePassword() {
        EventSocketUrl url = EventSocketUrl.parse("fs://ann:hidden@[2001:db8::1]");

        assertThat(url).hasToString("fs://[2001:db8::1]:8021");
        assertThat(EventSocketUrl.parse(url.withPassword())).isEqualTo(url);
        assertThat(EventSocketUrl.masked("fs://hid@den@10.0.0.1")).isEqualTo("fs://***@10.0.0.1");
        assertThat(EventSocketUrl.masked("fs://hidden:8021")).isEqualTo("fs://***");
    }
}
