package org.sipdispatch.app;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Set;

/** Exit status and output of the program's command line, run in this process. */
public record ProgramRun(int status, String out, String err) {
    /** Runs the program as {@link Main#main} does, with the annotations of one command only. */
    public static ProgramRun of(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Main.commandLine(false, arguments)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
        return new ProgramRun(status, out.toString(), err.toString());
    }

    /** The names of all commands. */
    public static Set<String> commands() {
        return Main.commandLine().getSubcommands().keySet();
    }
}
