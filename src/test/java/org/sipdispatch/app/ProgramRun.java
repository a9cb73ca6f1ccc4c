package org.sipdispatch.app;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Set;

/** One run of the program's command line in this process, as a shell sees it. */
public record ProgramRun(int status, String out, String err) {
    public static ProgramRun of(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Main.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
        return new ProgramRun(status, out.toString(), err.toString());
    }

    /** The commands that there are. */
    public static Set<String> commands() {
        return Main.commandLine().getSubcommands().keySet();
    }
}
