package org.sipdispatch.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.sipdispatch.settings.BadSetting;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code attrs SET IP[:PORT] ATTRS}. */
@Command(
        name = "attrs",
        description = "Gives a set's destinations at an address attributes beside those of their rows,"
                + " as ds_push_script_attrs does.",
        footer = {"  sip-dispatcher attrs 1 10.0.0.1:5060 'max=30'", "  sip-dispatcher attrs trunks:2 10.0.0.7 ''"})
final class AttrsCommand extends NodeCommand {
    @Parameters(index = "0", paramLabel = "SET", description = "a set: 2, or trunks:2")
    private String set;

    @Parameters(
            index = "1",
            paramLabel = "IP[:PORT]",
            description = "their address, or the name in their URIs; without a port all ports. IPv6 in brackets")
    private String address;

    @Parameters(index = "2", paramLabel = "ATTRS", description = "the attributes, in place of those given before")
    private String attrs;

    @Override
    int run(NodeClient node) {
        SetName name = SetName.one("set", set);
        int colon = address.lastIndexOf(':');
        boolean hasPort = colon > address.lastIndexOf(']');
        String port = hasPort ? address.substring(colon + 1) : "0";
        if (!port.matches("\\d{1,5}")) {
            throw new BadSetting("address", address, "10.0.0.1, 10.0.0.1:5060 or [2001:db8::1]:5060");
        }
        ObjectNode body = order(null)
                .put("partition", name.partitionOr("default"))
                .put("set", name.number())
                .put("ip", hasPort ? address.substring(0, colon) : address)
                .put("port", Integer.parseInt(port))
                .put("attrs", attrs);
        return show(
                node.post(NodeClient.path("attrs"), body),
                answer -> out().println(told(answer.path("destinations").asInt())));
    }

    private static String told(int count) {
        return count == 1 ? "1 destination has them" : count + " destinations have them";
    }
}
