package org.sipdispatch.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WrongNameExceptionTest {
    @Test
    void namesThatAPeerChoosesStayInOneLineOfLimitedLength() {
        List<String> names = List.of("a\r\nWARN  forged line\u001b[31m", "b".repeat(1_000));

        assertThat(new WrongNameException(names, "sbc.example.com").getMessage())
                .startsWith("the certificate is for a??WARN  forged line?[31m, bbb")
                .endsWith("bbb... (expected: sbc.example.com)")
                .hasSizeLessThan(300);
    }
}
