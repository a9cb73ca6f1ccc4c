package org.sipdispatch.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The fields of a destination as parameters and options of a command. */
final class DestinationFields {
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

    ObjectNode in(ObjectNode body) {
        identity(body, set, uri, socket);
        put(body, "attrs", attrs);
        put(body, "description", description);
        put(body, "state", StateName.parse("--state", state));
        if (weight != null) {
            body.put("weight", weight);
        }
        if (priority != null) {
            body.put("priority", priority);
        }
        return body;
    }

    /** Adds what identifies a row; {@code socket} may be null. */
    static ObjectNode identity(ObjectNode body, String set, String uri, String socket) {
        SetName name = SetName.parseSingle("set", set);
        name.addTo(body).put("uri", uri);
        put(body, "socket", socket);
        return body;
    }

    private static void put(ObjectNode body, String key, String value) {
        if (value != null) {
            body.put(key, value);
        }
    }
}
