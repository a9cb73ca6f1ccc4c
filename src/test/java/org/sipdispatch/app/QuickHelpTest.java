package org.sipdispatch.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Help.Ansi;

class QuickHelpTest {
    @ParameterizedTest
    @EnumSource(
            value = Ansi.class,
            names = {"ON", "OFF"})
    void theHelpIsThatOfPicocli(Ansi ansi) throws IOException {
        Path expected = Path.of("target", "help-" + ansi + ".txt");
        Files.writeString(expected, Main.commandLine().getUsageMessage(ansi));

        assertThat(QuickHelp.help(ansi == Ansi.ON))
                .describedAs("src/main/resources/org/sipdispatch/app/help.txt, which has to be target/help-ON.txt")
                .isEqualTo(Files.readString(expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h", "--version", "-V"})
    void theProgramPrintsIt(String option) throws IOException {
        assertThat(QuickHelp.of(option)).isEqualTo(ProgramRun.of(option).out());
    }

    @Test
    void itIsForNothingElse() throws IOException {
        assertThat(QuickHelp.of()).isNull();
        assertThat(QuickHelp.of("list")).isNull();
        assertThat(QuickHelp.of("--help", "list")).isNull();
        assertThat(QuickHelp.of("list", "--help")).isNull();
    }
}
