package org.sipdispatch.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Exit status and output of one command. */
record CommandRun(int status, String out, String err) {
    @Command(name = "sip-dispatcher")
    private static final class Root {}

    static CommandRun of(String... arguments) {
        return of(new StringWriter(), arguments);
    }

    /** {@code out}: where standard output goes. */
    static CommandRun of(Writer out, String... arguments) {
        StringWriter err = new StringWriter();
        CommandLine line = new CommandLine(new Root());
        // The program, too, reads the annotations of one command only, because that takes long for all.
        List<String> names = arguments[0].equals("completion") ? Subcommands.NAMES : List.of(arguments[0]);
        names.forEach(name -> line.addSubcommand(name, Subcommands.command(name)));
        int status =
                line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(arguments);
        return new CommandRun(status, out.toString(), err.toString());
    }
}
