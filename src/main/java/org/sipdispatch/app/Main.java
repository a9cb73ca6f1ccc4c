package org.sipdispatch.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Stream;
import org.sipdispatch.cli.Subcommands;
import org.sipdispatch.logging.LogEnd;
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.settings.SpellingSuggestions;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

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

    /** Runs the command line and ends the process with its exit status. */
    public static void main(String[] args) throws IOException {
        String help = QuickHelp.of(args);
        if (help != null) {
            System.out.print(help);
            System.out.flush();
            return;
        }
        String debug = System.getenv(DEBUG);
        int status = commandLine(debug != null && !debug.isEmpty(), args).execute(args);
        LogEnd.flush();
        System.exit(status);
    }

    /** With all commands. */
    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Main());
        names().forEach(name -> line.addSubcommand(name, command(name)));
        return withHandlers(line, false);
    }

    /**
     * The command line for these arguments. Picocli takes long to read the annotations of all commands: it reads those of the
     * command that they begin with. If they begin with an option or an unknown word, it knows only what the help lists.
     *
     * @param debug whether to print the stack trace of a defect
     */
    static CommandLine commandLine(boolean debug, String... args) {
        String first = args.length == 0 ? "" : args[0];
        // A file after @ may have any command in it.
        if (first.equals("completion") || first.startsWith("@")) {
            return withHandlers(commandLine(), debug);
        }
        CommandLine line = new CommandLine(new Main());
        Class<?> only = command(first);
        if (only != null) {
            line.addSubcommand(first, only);
        } else {
            names().forEach(name -> line.addSubcommand(name, listed(command(name))));
        }
        return withHandlers(line, debug);
    }

    private static CommandLine withHandlers(CommandLine line, boolean debug) {
        return line.setExecutionExceptionHandler((e, parsed, result) -> onException(e, parsed, debug))
                .setParameterExceptionHandler(Main::onBadArgument);
    }

    /**
     * A command as the help lists it, with any arguments: it is never executed. Its class is loaded, but not linked, which may
     * need the jars of a node.
     */
    private static CommandSpec listed(Class<?> type) {
        CommandSpec spec = CommandSpec.create();
        spec.parser().unmatchedArgumentsAllowed(true);
        spec.usageMessage().description(type.getAnnotation(Command.class).description());
        return spec;
    }

    /** The names of all commands, in the order of the help. */
    private static List<String> names() {
        return Stream.concat(Stream.of("run", "demo", "check", "import", "class-archive"), Subcommands.NAMES.stream())
                .toList();
    }

    /** Null for other names. */
    private static Class<?> command(String name) {
        return switch (name) {
            case "run" -> RunCommand.class;
            case "demo" -> DemoCommand.class;
            case "check" -> CheckCommand.class;
            case "import" -> ImportCommand.class;
            case "class-archive" -> ClassArchiveCommand.class;
            default -> Subcommands.command(name);
        };
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
            return new String[] {ProgramVersion.text()};
        }
    }
}
