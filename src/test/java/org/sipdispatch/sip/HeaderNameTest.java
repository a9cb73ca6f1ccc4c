package org.sipdispatch.sip;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class HeaderNameTest {
    private static HeaderName of(String text) {
        byte[] bytes = Ascii.bytes(text);
        return HeaderName.of(bytes, 0, bytes.length);
    }

    @ParameterizedTest
    @CsvSource({"v,VIA", "f,FROM", "t,TO", "i,CALL_ID", "l,CONTENT_LENGTH", "m,CONTACT", "s,OTHER", "c,OTHER", "z,OTHER"
    })
    void compactFormsAreKnownInBothCases(String compact, HeaderName name) {
        assertThat(of(compact)).isEqualTo(name);
        assertThat(of(compact.toUpperCase(java.util.Locale.ROOT))).isEqualTo(name);
    }

    @ParameterizedTest
    @EnumSource(value = HeaderName.class, mode = EnumSource.Mode.EXCLUDE, names = "OTHER")
    void namesAreKnownInAnyCase(HeaderName name) {
        assertThat(of(name.text())).isEqualTo(name);
        assertThat(of(name.text().toUpperCase(java.util.Locale.ROOT))).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource({"Vi", "Viaa", "Fron", "X-To", "Record-Routes", "Routex", "Rouge", "Xontact", "''"})
    void similarNamesAreOthers(String text) {
        assertThat(of(text)).isEqualTo(HeaderName.OTHER);
    }

    @Test
    void aNulIsNoCompactForm() {
        assertThat(of("\0")).isEqualTo(HeaderName.OTHER);
    }
}
