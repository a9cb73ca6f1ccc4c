package org.sipdispatch.cli;

import java.util.List;

/** The commands that talk to a node, and {@code certificates} and {@code completion}. */
public final class Subcommands {
    /** The names of all commands, in the order of the help. */
    public static final List<String> NAMES = List.of(
            "sets",
            "list",
            "show",
            "top",
            "events",
            "history",
            "nodes",
            "maintenance",
            "sources",
            "limits",
            "put-row",
            "remove-row",
            "count",
            "pick",
            "state",
            "hold",
            "release",
            "drain",
            "probe",
            "order",
            "reload",
            "add",
            "remove",
            "attrs",
            "figure",
            "certificates",
            "completion");

    private Subcommands() {}

    /** The class of a command, for picocli; null for other names. Loads no class of another command. */
    public static Class<?> command(String name) {
        return switch (name) {
            case "sets" -> SetsCommand.class;
            case "list" -> ListCommand.class;
            case "show" -> ShowCommand.class;
            case "top" -> TopCommand.class;
            case "events" -> EventsCommand.class;
            case "history" -> HistoryCommand.class;
            case "nodes" -> NodesCommand.class;
            case "maintenance" -> MaintenanceCommand.class;
            case "sources" -> SourcesCommand.class;
            case "limits" -> LimitsCommand.class;
            case "put-row" -> PutRowCommand.class;
            case "remove-row" -> RemoveRowCommand.class;
            case "count" -> CountCommand.class;
            case "pick" -> PickCommand.class;
            case "state" -> StateCommand.class;
            case "hold" -> HoldCommand.class;
            case "release" -> ReleaseCommand.class;
            case "drain" -> DrainCommand.class;
            case "probe" -> ProbeCommand.class;
            case "order" -> OutcomeCommand.class;
            case "reload" -> ReloadCommand.class;
            case "add" -> AddCommand.class;
            case "remove" -> RemoveCommand.class;
            case "attrs" -> AttrsCommand.class;
            case "figure" -> FigureCommand.class;
            case "certificates" -> CertificatesCommand.class;
            case "completion" -> CompletionCommand.class;
            default -> null;
        };
    }
}
