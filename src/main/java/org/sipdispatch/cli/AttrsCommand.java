package org.sipdispatch.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sipdispatch.settings.SettingException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "attrs",
        description = "Attaches attributes to the destinations of a set at an address, in addition to those of their"
                + " rows, as ds_push_script_attrs does.",
        footer = {"  sip-dispatcher attrs 1 10.0.0.1:5060 'max=30'", "  sip-dispatcher attrs trunks:2 10.0.0.7 ''"})
final class AttrsCommand extends NodeCommand {
    /** An IPv6 address without brackets has no port: its last colon belongs to the address. */
    private static final Pattern ADDRESS = Pattern.compile(
            "(?<host>\\[[^\\]]+]|[^:\\[\\]]+)(:(?<port>\\d{1,5}))?|[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    @Parameters(index = "0", paramLabel = "SET", description = "a set: 2, or trunks:2")
    private String set;

    @Parameters(
            index = "1",
            paramLabel = "IP[:PORT]",
            description =
                    "the address or name in their URIs; without a port all ports. IPv6 with a port needs brackets")
    private String address;

    @Parameters(index = "2", paramLabel = "ATTRS", description = "the attributes; they replace those pushed before")
    private String attrs;

    @Override
    int run(NodeClient node) {
        SetName name = SetName.parseSingle("set", set);
        Matcher parts = ADDRESS.matcher(address);
        if (!parts.matches()) {
            throw new SettingException(
                    "address", address, "10.0.0.1, 10.0.0.1:5060, 2001:db8::1 or [2001:db8::1]:5060");
        }
        String port = parts.group("port");
        ObjectNode body = name.addTo(orderBody(null))
                .put("ip", parts.group("host") == null ? address : parts.group("host"))
                .put("port", port == null ? 0 : Integer.parseInt(port))
                .put("attrs", attrs);
        return show(
                requireKnownOutcome(node.post(NodeClient.path("attrs"), body)),
                answer -> out().println(countLine(answer.path("destinations").asInt())));
    }

    private static String countLine(int count) {
        return count == 1 ? "1 destination has them" : count + " destinations have them";
    }
}
