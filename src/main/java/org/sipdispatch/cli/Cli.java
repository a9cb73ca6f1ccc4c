package org.sipdispatch.cli;

import picocli.CommandLine;

/** The commands that talk to a node, and {@code completion}. */
public final class Cli {
    private Cli() {}

    /** Adds the commands as subcommands of {@code main}. */
    public static CommandLine addTo(CommandLine main) {
        for (Object command : new Object[] {
            new SetsCommand(),
            new ListCommand(),
            new ShowCommand(),
            new TopCommand(),
            new EventsCommand(),
            new HistoryCommand(),
            new NodesCommand(),
            new MaintenanceCommand(),
            new SourcesCommand(),
            new PutRowCommand(),
            new RemoveRowCommand(),
            new CountCommand(),
            new PickCommand(),
            new StateCommand(),
            new HoldCommand(),
            new ReleaseCommand(),
            new DrainCommand(),
            new ProbeCommand(),
            new OutcomeCommand(),
            new ReloadCommand(),
            new AddCommand(),
            new RemoveCommand(),
            new AttrsCommand(),
            new FigureCommand(),
            new CertificatesCommand(),
            new CompletionCommand()
        }) {
            main.addSubcommand(command);
        }
        return main;
    }
}
