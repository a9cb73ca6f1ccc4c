package org.sipdispatch.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The commands that talk to a node, and {@code certificates} and {@code completion}. */
public final class Cli {
    private Cli() {}

    /** Creators of all commands by name, in the order of the help. */
    public static Map<String, Supplier<Object>> commands() {
        Map<String, Supplier<Object>> all = new LinkedHashMap<>();
        all.put("sets", SetsCommand::new);
        all.put("list", ListCommand::new);
        all.put("show", ShowCommand::new);
        all.put("top", TopCommand::new);
        all.put("events", EventsCommand::new);
        all.put("history", HistoryCommand::new);
        all.put("nodes", NodesCommand::new);
        all.put("maintenance", MaintenanceCommand::new);
        all.put("sources", SourcesCommand::new);
        all.put("put-row", PutRowCommand::new);
        all.put("remove-row", RemoveRowCommand::new);
        all.put("count", CountCommand::new);
        all.put("pick", PickCommand::new);
        all.put("state", StateCommand::new);
        all.put("hold", HoldCommand::new);
        all.put("release", ReleaseCommand::new);
        all.put("drain", DrainCommand::new);
        all.put("probe", ProbeCommand::new);
        all.put("order", OutcomeCommand::new);
        all.put("reload", ReloadCommand::new);
        all.put("add", AddCommand::new);
        all.put("remove", RemoveCommand::new);
        all.put("attrs", AttrsCommand::new);
        all.put("figure", FigureCommand::new);
        all.put("certificates", CertificatesCommand::new);
        all.put("completion", CompletionCommand::new);
        return all;
    }
}
