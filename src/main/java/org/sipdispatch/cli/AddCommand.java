package org.sipdispatch.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "add",
        description = "Adds a temporary destination, which is in no table. It exists until remove, or"
                + " reload --drop-temporary.",
        footer = {
            "  sip-dispatcher add 1 sip:10.0.0.9:5060 --weight 10",
            "  sip-dispatcher add trunks:2 sip:gw9.example.com --state probing --description 'spare gateway'"
        })
final class AddCommand extends NodeCommand {
    @Parameters(index = "0", paramLabel = "SET", description = "a set: 2, or trunks:2")
    private String set;

    @Parameters(index = "1", paramLabel = "URI", description = "a sip URI")
    private String uri;

    @Option(names = "--socket", paramLabel = "SOCKET", description = "our socket to send from, by name or address")
    private String socket;

    @Option(names = "--weight", paramLabel = "N", description = "0 to 65535")
    private Integer weight;

    @Option(names = "--priority", paramLabel = "N", description = "0 to 65535, larger first")
    private Integer priority;

    @Option(names = "--attrs", paramLabel = "TEXT", description = "its attrs")
    private String attrs;

    @Option(names = "--description", paramLabel = "TEXT", description = "a free text")
    private String description;

    @Option(names = "--state", paramLabel = "STATE", description = "its initial state: active, inactive or probing")
    private String state;

    @Override
    int run(NodeClient node) {
        SetName name = SetName.parseSingle("set", set);
        ObjectNode body = orderBody(null)
                .put("partition", name.partitionOr("default"))
                .put("set", name.number())
                .put("uri", uri);
        put(body, "socket", socket);
        put(body, "attrs", attrs);
        put(body, "description", description);
        put(body, "state", StateName.parse("--state", state));
        if (weight != null) {
            body.put("weight", weight);
        }
        if (priority != null) {
            body.put("priority", priority);
        }
        return ReloadCommand.outcome(this, node.post(NodeClient.path("destinations"), body), false);
    }

    private static void put(ObjectNode body, String key, String value) {
        if (value != null) {
            body.put(key, value);
        }
    }
}
