package org.sipdispatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.sipdispatch.settings.SettingException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "pick",
        description = "Shows where a request would be sent, and why; nothing is sent.",
        footer = {
            "  sip-dispatcher pick invite.txt --source 10.1.0.7:5060",
            "  sip-dispatcher pick - --socket main < invite.txt"
        })
final class PickCommand extends NodeCommand {
    @Parameters(paramLabel = "FILE|-", description = "a file with a SIP request; - for standard input")
    private String file;

    @Option(names = "--source", paramLabel = "IP:PORT", description = "the source address of the request")
    private String source;

    @Option(names = "--socket", paramLabel = "NAME", description = "the socket that receives the request")
    private String socket;

    @Override
    int run(NodeClient node) {
        Map<String, Object> query = new LinkedHashMap<>();
        query.put("source", source);
        query.put("socket", socket);
        String path = NodeClient.query(NodeClient.path("pick"), query);
        return show(node.post(path, request(), "message/sip"), this::print);
    }

    /** Reads the request. The node corrects its line ends. */
    private byte[] request() {
        try {
            return file.equals("-") ? System.in.readAllBytes() : Files.readAllBytes(Path.of(file));
        } catch (IOException | java.nio.file.InvalidPathException e) {
            throw new SettingException("file", file, "a file that can be read, or -");
        }
    }

    private void print(JsonNode answer) {
        out().println(outcome(answer));
        for (JsonNode set : answer.path("sets")) {
            printSet(set);
        }
        int number = 0;
        boolean atOnce = isAtOnce(answer);
        for (JsonNode candidate : answer.path("candidates")) {
            String to = atOnce ? "at once to  " : number == 0 ? "goes to  " : "then to  ";
            out().println(to + TerminalFormat.destination(candidate));
            number++;
        }
        answer.path("headers").forEach(line -> out().println("with     " + TerminalFormat.text(line)));
        String log = TerminalFormat.text(answer.path("log"));
        if (!log.isEmpty()) {
            out().println("logs     " + log);
        }
    }

    /** Whether the request goes to all candidates at once, or a redirect tells the caller to do so. */
    private static boolean isAtOnce(JsonNode answer) {
        return answer.at("/sets/0/algorithmName").asText().equals("parallel")
                && answer.path("candidates").size() > 1;
    }

    private static String outcome(JsonNode answer) {
        StringBuilder line = new StringBuilder(TerminalFormat.text(answer.path("outcome")));
        if (answer.path("replyCode").asInt() > 0) {
            line.append(' ').append(answer.path("replyCode").asInt());
            line.append(' ').append(TerminalFormat.text(answer.path("replyReason")));
        }
        String rule = TerminalFormat.text(answer.path("rule"));
        line.append(rule.isEmpty() ? "" : " by " + rule);
        String mode = TerminalFormat.text(answer.path("mode"));
        line.append(mode.isEmpty() ? "" : ", " + mode);
        String reason = TerminalFormat.text(answer.path("reason"));
        return line.append(reason.isEmpty() ? "" : ": " + reason).toString();
    }

    private void printSet(JsonNode set) {
        String flags = TerminalFormat.text(set.path("flags"));
        String key = TerminalFormat.text(set.path("key"));
        String note = TerminalFormat.text(set.path("note"));
        out().println("set " + TerminalFormat.set(set) + ", algorithm " + TerminalFormat.text(set.path("algorithm"))
                + " ("
                + TerminalFormat.text(set.path("algorithmName")) + ")" + (flags.isEmpty() ? "" : ", flags " + flags)
                + (key.isEmpty() ? "" : ", key " + key + ", hash " + TerminalFormat.text(set.path("hash")))
                + (note.isEmpty() ? "" : "; " + note));
        Table table = table(">RANK", "DESTINATION", "STATE", "NOTES", "WHY");
        for (JsonNode member : set.path("members")) {
            int rank = member.path("rank").asInt();
            table.row(
                    rank == 0 ? "-" : rank,
                    TerminalFormat.destination(
                            member.path("destination").isMissingNode() ? member : member.path("destination")),
                    TerminalFormat.text(member.path("state")),
                    ListCommand.notes(member),
                    TerminalFormat.text(member.path("why")));
        }
        table.lines().forEach(line -> out().println("  " + line));
    }
}
