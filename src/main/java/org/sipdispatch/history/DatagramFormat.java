package org.sipdispatch.history;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.sipdispatch.destination.DestinationEvent;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.destination.PingResult;
import org.sipdispatch.sets.SetId;

/**
 * The payload of a datagram about a destination: the event {@code E_DISPATCHER_STATUS} in the format of an OpenSIPS
 * version.
 */
enum DatagramFormat {
    /** Text lines, as the module event_datagram of OpenSIPS 2.4 sends them. The format has no reason. */
    DATAGRAM {
        @Override
        String of(DestinationEvent event) {
            StringBuilder text = new StringBuilder(NAME).append('\n');
            if (!isDefault(event)) {
                line(text, "partition", event.partition());
            }
            line(text, "group", String.valueOf(event.set()));
            line(text, "address", event.uri());
            line(text, "status", status(event));
            return text.append('\n').toString();
        }
    },

    /** A JSON-RPC notification, as OpenSIPS 3.3 sends it. */
    JSONRPC {
        @Override
        String of(DestinationEvent event) {
            ObjectNode node = JsonNodeFactory.instance.objectNode();
            ObjectNode params = node.put("jsonrpc", "2.0").put("method", NAME).putObject("params");
            if (!isDefault(event)) {
                params.put("partition", event.partition());
            }
            params.put("group", event.set()).put("address", event.uri());
            params.put("status", status(event)).put("reason", reason(event));
            return HistoryEntryJson.text(node);
        }
    };

    private static final String NAME = "E_DISPATCHER_STATUS";

    abstract String of(DestinationEvent event);

    private static boolean isDefault(DestinationEvent event) {
        return event.partition().equals(SetId.DEFAULT_PARTITION);
    }

    /** Quotes a value that contains a line break. */
    private static void line(StringBuilder text, String name, String value) {
        text.append(name).append("::");
        text.append(value.indexOf('\n') < 0 ? value : '"' + value.replace("\"", "\\\"") + '"');
        text.append('\n');
    }

    private static String status(DestinationEvent event) {
        return event.to().takesTraffic() ? "active" : "inactive";
    }

    /** The reason in the words of OpenSIPS. */
    private static String reason(DestinationEvent event) {
        return switch (event.who()) {
            case "probe" -> probed(event);
            case "traffic" -> "script function ds_mark";
            default -> "MI command";
        };
    }

    private static String probed(DestinationEvent event) {
        if (event.to() == DestinationState.ACTIVE) {
            return "200 OK probing reply";
        }
        return event.why().startsWith(PingResult.COULD_NOT_BE_SENT) ? "failed to send probe" : "negative probing reply";
    }
}
