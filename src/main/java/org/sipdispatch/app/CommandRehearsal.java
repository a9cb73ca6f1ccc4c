package org.sipdispatch.app;

import java.io.IOException;
import java.util.List;
import org.sipdispatch.logging.LogEnd;

/** Runs commands that together use the classes that commands need, so that Java lists these classes for an archive. */
final class CommandRehearsal {
    private static final List<String> COMMANDS = List.of(
            "list",
            "list --state probing --json",
            "show GATEWAY",
            "sets",
            "nodes",
            "history",
            "sources",
            "count 1",
            "figure",
            "maintenance",
            "reload --dry-run",
            "hold GATEWAY --why rehearsal",
            "release GATEWAY",
            "drain GATEWAY",
            "release GATEWAY",
            "probe GATEWAY",
            "show nosuch",
            "list --help",
            "list --satte active");

    private CommandRehearsal() {}

    /**
     * Runs the commands.
     *
     * @param args the URL of a node, and the URI of one of its destinations
     */
    public static void main(String[] args) throws IOException {
        Main.main(new String[] {"--help"});
        for (String command : COMMANDS) {
            run((command.replace("GATEWAY", args[1]) + " --node " + args[0]).split(" "));
        }
        run("list", "--node", "http://127.0.0.1:1");
        run("--help");
        run("--version");
        run("lsit");
        LogEnd.flush();
        System.exit(0);
    }

    private static void run(String... arguments) {
        Main.commandLine(false, arguments).execute(arguments);
    }
}
