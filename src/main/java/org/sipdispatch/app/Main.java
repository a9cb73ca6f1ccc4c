package org.sipdispatch.app;

import java.io.PrintWriter;
import org.sipdispatch.cli.Cli;
import org.sipdispatch.settings.BadSetting;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program: {@code sip-dispatcher run}, and what goes with it. */
@Command(
        name = "sip-dispatcher",
        description =
                "A SIP proxy that dispatches requests over sets of destinations, as the OpenSIPS dispatcher does.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {RunCommand.class, DemoCommand.class, CheckCommand.class, ImportCommand.class})
public final class Main implements Runnable {
    /** The exit status for a configuration or an argument that cannot be used. */
    static final int BAD_SETTING = 2;

    /** Runs the command line and ends the process with its exit status. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return Cli.addTo(new CommandLine(new Main()))
                .setExecutionExceptionHandler(Main::onException)
                .setParameterExceptionHandler(Main::onBadArgument);
    }

    /** One line as for settings, in place of picocli's whole usage text. */
    private static int onBadArgument(CommandLine.ParameterException e, String[] args) {
        return refuse(
                new BadSetting("command line", String.join(" ", args), "what --help lists; " + e.getMessage()),
                e.getCommandLine());
    }

    private static int onException(Exception e, CommandLine commandLine, CommandLine.ParseResult parsed)
            throws Exception {
        if (e instanceof BadSetting bad) {
            return refuse(bad, commandLine);
        }
        throw e;
    }

    private static int refuse(BadSetting bad, CommandLine commandLine) {
        PrintWriter err = commandLine.getErr();
        err.println(bad.getMessage());
        err.flush();
        return BAD_SETTING;
    }

    @Override
    public void run() {
        throw new BadSetting("command line", "nothing", "run or demo, or what else --help lists");
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
