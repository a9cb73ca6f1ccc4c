package org.sipdispatch.app;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.sipdispatch.cli.Cli;
import org.sipdispatch.logging.NonBlockingAppender;
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.settings.SpellingSuggestions;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of the program. */
@Command(
        name = "sip-dispatcher",
        description =
                "A SIP proxy that dispatches requests over sets of destinations, as the OpenSIPS dispatcher does.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.ManifestVersion.class,
        synopsisSubcommandLabel = "COMMAND")
public final class Main implements Runnable {
    /** The exit status for an invalid configuration or argument. */
    static final int BAD_SETTING = 2;

    /** The exit status for a defect: EX_SOFTWARE of sysexits(3). */
    static final int DEFECT = 70;

    private static final String DEBUG = "SIP_DISPATCHER_DEBUG";

    /** Commands that need all others. */
    private static final Set<String> NEED_ALL = Set.of("completion", "class-archive");

    /** Runs the command line and ends the process with its exit status. */
    public static void main(String[] args) {
        String debug = System.getenv(DEBUG);
        int status = commandLine(args.length == 0 ? "" : args[0], debug != null && !debug.isEmpty())
                .execute(args);
        NonBlockingAppender.flush();
        System.exit(status);
    }

    /** With all commands. */
    static CommandLine commandLine() {
        return commandLine("", false);
    }

    /**
     * The command line with one command, because picocli takes long to read the annotations of all; with all commands if
     * there is none of this name.
     *
     * @param debug whether to print the stack trace of a defect
     */
    static CommandLine commandLine(String name, boolean debug) {
        CommandLine line = new CommandLine(new Main());
        Map<String, Supplier<Object>> all = commands();
        Supplier<Object> only = NEED_ALL.contains(name) ? null : all.get(name);
        if (only != null) {
            line.addSubcommand(name, only.get());
        } else {
            all.forEach((each, command) -> line.addSubcommand(each, command.get()));
        }
        return line.setExecutionExceptionHandler((e, parsed, result) -> onException(e, parsed, debug))
                .setParameterExceptionHandler(Main::onBadArgument);
    }

    private static Map<String, Supplier<Object>> commands() {
        Map<String, Supplier<Object>> all = new LinkedHashMap<>();
        all.put("run", RunCommand::new);
        all.put("demo", DemoCommand::new);
        all.put("check", CheckCommand::new);
        all.put("import", ImportCommand::new);
        all.put("class-archive", ClassArchiveCommand::new);
        all.putAll(Cli.commands());
        return all;
    }

    /** Prints one line as for settings, instead of picocli's usage text. */
    private static int onBadArgument(CommandLine.ParameterException e, String[] args) {
        return refuse(
                new SettingException("command line", String.join(" ", args), "see --help; " + e.getMessage() + hint(e)),
                e.getCommandLine());
    }

    /** Suggests commands or options that are similar to an unknown one. */
    private static String hint(CommandLine.ParameterException e) {
        if (!(e instanceof CommandLine.UnmatchedArgumentException unknown)
                || unknown.getUnmatched().isEmpty()) {
            return "";
        }
        String argument = unknown.getUnmatched().get(0);
        CommandLine line = e.getCommandLine();
        if (!argument.startsWith("-")
                && line.getCommandSpec().positionalParameters().isEmpty()) {
            if (line.getCommandSpec().findOption("--config") != null) {
                return "; did you mean -c " + argument + "?";
            } else if (line.getCommandSpec().findOption("--opensips") != null) {
                return "; did you mean --opensips " + argument + " or --kamailio " + argument + "?";
            }
        }
        if (!argument.startsWith("-") && line.getCommandSpec().findOption("--text") != null) {
            String option = argument.matches("\\d+|[^:]+:\\d*") ? "--set " : "--text ";
            return "; did you mean " + option + argument + "?";
        }
        return SpellingSuggestions.hint(
                argument,
                argument.startsWith("-")
                        ? line.getCommandSpec().optionsMap().keySet()
                        : line.getSubcommands().keySet());
    }

    private static int onException(Exception e, CommandLine commandLine, boolean debug) {
        if (e instanceof SettingException bad) {
            return refuse(bad, commandLine);
        }
        PrintWriter err = commandLine.getErr();
        if (debug) {
            e.printStackTrace(err);
        } else {
            String text = e.toString().replaceAll("\\s*\\R\\s*", " ");
            err.println("defect: " + text + " (" + DEBUG + "=1 in the environment shows where)");
        }
        err.flush();
        return DEFECT;
    }

    private static int refuse(SettingException bad, CommandLine commandLine) {
        PrintWriter err = commandLine.getErr();
        err.println(bad.getMessage());
        err.flush();
        return BAD_SETTING;
    }

    @Override
    public void run() {
        throw new SettingException("command line", "nothing", "run or demo, or another command, see --help");
    }

    static final class ManifestVersion implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {Version.text()};
        }
    }
}
