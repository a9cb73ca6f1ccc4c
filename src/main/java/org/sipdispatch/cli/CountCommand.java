package org.sipdispatch.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.sipdispatch.settings.SettingException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "count",
        description = "Counts the destinations of a set, as ds_count does.",
        footer = {"  sip-dispatcher count 1", "  sip-dispatcher count trunks:1 ap"})
final class CountCommand extends NodeCommand {
    @Parameters(index = "0", paramLabel = "SET", description = "a set: 2, or trunks:2")
    private String set;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "LETTERS",
            description = "the states to count: a(ctive), i(nactive), p(robing); default: all")
    private String letters;

    @Override
    int run(NodeClient node) {
        SetName name = SetName.parseSingle("set", set);
        if (letters != null && !letters.matches("[aipAIP120]+")) {
            throw new SettingException("states", letters, "letters of a (active), i (inactive), p (probing)");
        }
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("partition", name.partition());
        parameters.put("set", name.number());
        parameters.put("states", letters);
        return show(
                node.get(NodeClient.query(NodeClient.path("count"), parameters)),
                answer -> out().println(TerminalFormat.text(answer.path("count"))));
    }
}
