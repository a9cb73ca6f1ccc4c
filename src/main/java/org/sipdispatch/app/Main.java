package org.sipdispatch.app;

import java.io.PrintWriter;
import org.sipdispatch.settings.BadSetting;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program: {@code sip-dispatcher run|demo}. */
@Command(
        name = "sip-dispatcher",
        description =
                "A SIP proxy that dispatches requests over sets of destinations, as the OpenSIPS dispatcher does.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {RunCommand.class, DemoCommand.class})
public final class Main implements Runnable {
    /** The exit status for a configuration or an argument that cannot be used. */
    static final int BAD_SETTING = 2;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    /** Runs the command line and ends the process with its exit status. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main()).setExecutionExceptionHandler(Main::onException);
    }

    private static int onException(Exception e, CommandLine commandLine, CommandLine.ParseResult parsed)
            throws Exception {
        if (e instanceof BadSetting) {
            PrintWriter err = commandLine.getErr();
            err.println(e.getMessage());
            err.flush();
            return BAD_SETTING;
        }
        throw e;
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "COMMAND: nothing (expected: run or demo)");
    }

    /** Takes the version from the jar's manifest. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"sip-dispatcher " + (version == null ? "from sources" : version)};
        }
    }
}
