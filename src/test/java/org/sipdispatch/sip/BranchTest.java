package org.sipdispatch.sip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BranchTest {
    private static byte[] written(Branch branch) {
        ByteWriter sink = new ByteWriter(4);
        branch.writeTo(sink);
        return sink.copy();
    }

    @RepeatedTest(200)
    void whatIsWrittenIsReadAgain(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        Branch branch = new Branch(
                random.nextInt(64), random.nextInt(64), random.nextInt(4096), random.nextLong(), random.nextLong());
        byte[] bytes = written(branch);

        assertThat(Branch.parse(bytes, 0, bytes.length)).isEqualTo(branch);
        assertThat(Branch.of(
                        TestMessages.via("SIP/2.0/UDP h;rport;branch=" + Ascii.text(bytes, 0, bytes.length) + ";x")))
                .isEqualTo(branch);
    }

    @Test
    void theLimitsAreWrittenToo() {
        for (Branch branch : new Branch[] {new Branch(0, 0, 0, 0, 0), new Branch(63, 63, 4095, -1, -1)}) {
            byte[] bytes = written(branch);

            assertThat(Ascii.isToken(bytes, 0, bytes.length)).isTrue();
            assertThat(Branch.parse(bytes, 0, bytes.length)).isEqualTo(branch);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "z9hG4bK",
                "z9hG4bKsd",
                "z9hG4bKsdAAAAAAAAAAAAAAAAAAAA",
                "z9hG4bKsdAAAAAAAAAAAAAAAAAAAAAA",
                "z9hG4bKxxAAAAAAAAAAAAAAAAAAAAA",
                "z9hG4bKsd.AAAAAAAAAAAAAAAAAAAA",
                "z9hG4bKsdAAAA.AAAAAAAAAAAAAAAA",
                "z9hG4bKsdAAAAAAAAAA.AAAAAAAAAA",
                "z9hG4bKsdAAAAAAAAAAAAAAAAAAAA%",
            })
    void aForeignBranchIsNotOurs(String text) {
        byte[] bytes = Ascii.bytes(text);

        assertThat(Branch.parse(bytes, 0, bytes.length)).isNull();
    }

    @Test
    void aViaWithoutBranchHasNone() {
        assertThat(Branch.of(TestMessages.via("SIP/2.0/UDP h"))).isNull();
        assertThat(Branch.of(TestMessages.via("SIP/2.0/UDP h;branch"))).isNull();
    }
}
