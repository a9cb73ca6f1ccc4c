package org.sipdispatch.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** How the program ends on defects and invalid command lines. */
class MainTest {
    @Command(name = "defective")
    private static final class Defective implements Runnable {
        @Override
        public void run() {
            throw new IllegalStateException("so\n  it is");
        }
    }

    private static String said(boolean debug) {
        StringWriter err = new StringWriter();
        CommandLine line =
                Main.commandLine(debug).addSubcommand(new Defective()).setErr(new PrintWriter(err));
        assertThat(line.execute("defective")).isEqualTo(70);
        return err.toString();
    }

    @Test
    void aDefectIsOneLineAndAStatusOfItsOwn() {
        assertThat(said(false))
                .isEqualTo("defect: java.lang.IllegalStateException: so it is"
                        + " (SIP_DISPATCHER_DEBUG=1 in the environment shows where)\n");
    }

    @Test
    void itsStackTraceIsThereForWhoLooksForIt() {
        assertThat(said(true)).contains("IllegalStateException: so", "\tat " + MainTest.class.getName());
    }

    /** The short command line has only the names and descriptions of the commands. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "-h",
                "--version",
                "--help list --set 1",
                "",
                "lsit",
                "list --help",
                "run --help",
                "class-archive -h"
            })
    void thePartialCommandLinePrintsTheSame(String arguments) {
        String[] words = arguments.split(" ");

        assertThat(printed(Main.commandLine(false, words), words)).isEqualTo(printed(Main.commandLine(), words));
    }

    private static List<String> printed(CommandLine line, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status =
                line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(arguments);
        return List.of(String.valueOf(status), out.toString(), err.toString());
    }

    @Test
    void argumentsMayComeFromAFile(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("arguments"), "list\n--node\nhttp://127.0.0.1:1\n");

        List<String> printed = printed(Main.commandLine(false, "@" + file), "@" + file);

        assertThat(printed.get(0)).isEqualTo("3");
        assertThat(printed.get(2)).startsWith("http://127.0.0.1:1: ").endsWith("--node names it)\n");
    }

    @ParameterizedTest
    @CsvSource({
        "lsit, ; did you mean list?",
        "chekc x.conf, ; did you mean check?",
        "list --satte active, ; did you mean --state?",
        "ls, ; did you mean limits or list?",
        "rm default:1:sip:a, ; did you mean remove or remove-row?",
        "nosuch, ''",
        "list gw1, ; did you mean --text gw1?",
        "list trunks:2, ; did you mean --set trunks:2?",
        "run my.conf, ; did you mean -c my.conf?",
        "import opensips.cfg, ; did you mean --opensips opensips.cfg or --kamailio opensips.cfg?",
        "sets surplus, ''"
    })
    void aCommandThatThereIsNotIsReportedWithThoseThatAreAlike(String arguments, String hint) {
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine().setErr(new PrintWriter(err));

        assertThat(line.execute(arguments.split(" "))).isEqualTo(2);

        assertThat(err.toString())
                .startsWith("command line: " + arguments + " (expected: see --help; Un")
                .endsWith(hint + ")\n")
                .hasLineCount(1);
        assertThat(err.toString().contains("did you mean")).isEqualTo(!hint.isEmpty());
    }

    @Test
    void eachCommandHasTheNameByWhichItIsFound() {
        CommandLine all = Main.commandLine();

        assertThat(all.getSubcommands()).hasSizeGreaterThan(25).allSatisfy((name, line) -> {
            assertThat(line.getCommandName()).isEqualTo(name);
            assertThat(line.getCommand()
                            .getClass()
                            .getAnnotation(CommandLine.Command.class)
                            .name())
                    .isEqualTo(name);
        });
        assertThat(Main.commandLine(false, "list").getSubcommands()).containsOnlyKeys("list");
        assertThat(Main.commandLine(false, "lst").getSubcommands()).hasSameSizeAs(all.getSubcommands());
        assertThat(Main.commandLine(false, "completion").getSubcommands()).hasSameSizeAs(all.getSubcommands());
    }
}
