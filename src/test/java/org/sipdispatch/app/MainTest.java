package org.sipdispatch.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
                Main.commandLine("", debug).addSubcommand(new Defective()).setErr(new PrintWriter(err));
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

    @ParameterizedTest
    @CsvSource({
        "lsit, ; did you mean list?",
        "chekc x.conf, ; did you mean check?",
        "list --satte active, ; did you mean --state?",
        "ls, ; did you mean list?",
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
        assertThat(Main.commandLine("list", false).getSubcommands()).containsOnlyKeys("list");
        assertThat(Main.commandLine("lst", false).getSubcommands()).hasSameSizeAs(all.getSubcommands());
        assertThat(Main.commandLine("completion", false).getSubcommands()).hasSameSizeAs(all.getSubcommands());
    }
}
