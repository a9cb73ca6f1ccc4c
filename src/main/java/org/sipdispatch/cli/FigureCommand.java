package org.sipdispatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.sipdispatch.settings.SettingException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "figure",
        description = "Pushes the values of a figure, which algorithm 9 compares by $figure(NAME:%%u), to all nodes."
                + " They replace all values of that name. Without a name, prints the figures that the node uses.",
        footer = {
            "  sip-dispatcher figure load_1 sip:10.0.0.1:5060=70 sip:10.0.0.2:5060=12 --expires 30",
            "  sip-dispatcher figure load_1 --remove",
            "  sip-dispatcher figure"
        })
final class FigureCommand extends NodeCommand {
    private static final String FORM = "URI=VALUE with a whole number of 32 bits, such as sip:10.0.0.1:5060=70";

    @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "the name of the figure")
    private String name;

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "URI=VALUE",
            description = "the value of each destination, by its URI as in the table")
    private List<String> values = List.of();

    @Option(
            names = "--expires",
            paramLabel = "SECONDS",
            description = "how long the values are used unless they are pushed again; default: 60")
    private Integer expires;

    @Option(names = "--remove", description = "removes the figure")
    private boolean remove;

    @Override
    int run(NodeClient node) {
        if (name == null) {
            return show(node.get(NodeClient.path("figures")), this::print);
        } else if (remove) {
            if (!values.isEmpty()) {
                throw new SettingException("--remove", values.get(0), "no values");
            }
            return show(
                    node.delete(NodeClient.path("figures", name), orderBody(null)),
                    answer -> out().println(name + " removed"));
        } else if (values.isEmpty()) {
            throw new SettingException("values", "nothing", FORM + ", or --remove");
        }
        return show(node.put(NodeClient.path("figures", name), body()), this::printPushed);
    }

    /** A URI may contain {@code =} too, before the last one. */
    private ObjectNode body() {
        ObjectNode body = orderBody(null);
        ObjectNode byUri = body.putObject("values");
        for (String one : values) {
            int equals = one.lastIndexOf('=');
            String number = one.substring(equals + 1);
            if (equals < 1 || !number.matches("-?\\d{1,10}")) {
                throw new SettingException("values", one, FORM);
            }
            byUri.put(one.substring(0, equals), Long.parseLong(number));
        }
        if (expires != null) {
            body.put("expires", expires);
        }
        return body;
    }

    private void printPushed(JsonNode answer) {
        int count = answer.path("values").asInt();
        out().println(count == 1 ? "1 value" : count + " values");
        answer.path("unknown")
                .forEach(uri -> err().println(
                                "no destination has this URI now: " + TerminalFormat.withoutControls(uri.asText())));
    }

    private void print(JsonNode answer) {
        if (answer.path("figures").isEmpty()) {
            out().println("no figure is pushed");
            return;
        }
        Table table = table("FIGURE", "DESTINATION", ">VALUE", "PUSHED", ">EXPIRES", "WHO");
        for (JsonNode figure : answer.path("figures")) {
            figure.path("values")
                    .properties()
                    .forEach(value -> table.row(
                            TerminalFormat.text(figure.path("name")),
                            TerminalFormat.withoutControls(value.getKey()),
                            value.getValue().asLong(),
                            TerminalFormat.time(figure.path("pushedAtMs").asLong()),
                            figure.path("expires").asLong() + "s",
                            TerminalFormat.text(figure.path("who"))));
        }
        table.printTo(out());
    }
}
