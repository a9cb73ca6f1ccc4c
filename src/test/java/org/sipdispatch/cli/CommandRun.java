package org.sipdispatch.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
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
        CommandLine line = Cli.addTo(new CommandLine(new Root()))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err));
        int status = line.execute(arguments);
        return new CommandRun(status, out.toString(), err.toString());
    }
}
