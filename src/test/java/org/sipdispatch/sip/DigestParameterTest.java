package org.sipdispatch.sip;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The parameters of challenges and credentials. */
class DigestParameterTest {
    /** The text without the parameter follows its value. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "Digest realm=\"r\", opaque=\"o\", nonce=\"n\"| o| Digest realm=\"r\", nonce=\"n\"",
                "Digest opaque=\"o\", nonce=\"n\"| o| Digest nonce=\"n\"",
                "Digest nonce=\"n\",opaque=\"o\"| o| Digest nonce=\"n\"",
                "Digest opaque=o| o| 'Digest '",
                "digest realm=\"opaque=\\\"x\\\", \", OPAQUE = \"o\"| o| digest realm=\"opaque=\\\"x\\\", \"",
                "Digest a=b,, opaque=\"\"| ''| Digest a=b",
            })
    void aParameterIsFoundAndCanBeRemoved(String text, String value, String without) {
        byte[] bytes = Ascii.bytes(text);

        DigestParameter found = DigestParameter.find(bytes, 0, bytes.length, "opaque");

        assertThat(text.substring(found.start(), found.end())).isEqualTo(value);
        assertThat(text.substring(0, found.cutStart()) + text.substring(found.cutEnd()))
                .isEqualTo(without);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Digest",
                "Digest ",
                "Basic opaque=\"o\"",
                "Digestopaque=\"o\"",
                "Digest nonce=\"n\"",
                "Digest nonce, opaque=\"o\"",
                "Digest opaque=",
                "Digest opaque=\"o",
                "Digest nonce=\"n\" opaque=\"o\"",
                "Digest =, opaque=\"o\"",
            })
    void whatIsMissingOrMalformedIsNotFound(String text) {
        byte[] bytes = Ascii.bytes(text);

        assertThat(DigestParameter.find(bytes, 0, bytes.length, "opaque")).isNull();
    }
}
