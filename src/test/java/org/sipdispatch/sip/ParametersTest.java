package org.sipdispatch.sip;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParametersTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ;x=1                   | 1
            ;X=1                   | 1
            ;a=2;x=1               | 1
            ;a;x=1;b               | 1
            ; a = 2 ; x = 1 ; b    | 1
            ;x                     | ''
            ;x;a=1                 | ''
            ;a="x=2;x=3";x=1       | 1
            ;a="\\";x=2";x=1       | 1
            ;x="a;b,c"             | "a;b,c"
            ;a=b"c;x=1             | 1
            ;xx=2;x=1              | 1
            ;x=1;x=2               | 1
            ;x=a=b                 | a=b
            ;;x=1                  | 1
            ;a=;x=1                | 1
            ;a=x                   | ABSENT
            ;ax=1                  | ABSENT
            ''                     | ABSENT
            x=1                    | ABSENT
            """)
    void aValueIsFoundByItsName(String tail, String expected) {
        byte[] bytes = Ascii.bytes(tail);

        long range = Parameters.find(bytes, 0, bytes.length, "x");

        String found = range == Parameters.ABSENT
                ? "ABSENT"
                : Ascii.text(bytes, Parameters.start(range), Parameters.end(range));
        assertThat(found).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                | 0
            ;a                | 2
            ;a=b;c            | 6
            ;a=b,c            | 4
            ;a="b,c",d        | 8
            ; a = b , c       | 8
            ,c                | 0
            ;                 | -1
            ;;a               | -1
            ;a=               | -1
            ;a="b             | -1
            ;a b              | -1
            x                 | -1
            ;a="b"c           | -1
            """)
    void theTailEndsAtTheEndOrAtAComma(String tail, int expected) {
        byte[] bytes = Ascii.bytes(tail);

        assertThat(Parameters.tailEnd(bytes, 0, bytes.length)).isEqualTo(expected);
    }
}
