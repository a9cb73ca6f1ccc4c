package org.sipdispatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.StringJoiner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code drain ID [--watch]}. */
@Command(
        name = "drain",
        description = "Takes a destination out of traffic and tells how many calls still go on there.",
        footer = {
            "  sip-dispatcher drain gw1.example.com --why upgrade --watch",
            "  sip-dispatcher drain gw1.example.com --watch && ssh gw1.example.com systemctl restart freeswitch"
        })
final class DrainCommand extends OrderCommand {
    @Option(names = "--watch", description = "wait until no call is left there")
    private boolean watch;

    @Option(
            names = "--interval",
            paramLabel = "SECONDS",
            defaultValue = "1",
            description = "how often to look with --watch; ${DEFAULT-VALUE} where it is not given")
    private double interval;

    @Override
    String verb() {
        return "drain";
    }

    @Override
    int after(NodeClient node, String id, Answer first) {
        Answer answer = first;
        print(id, answer);
        int calls = calls(answer.json());
        while (watch && calls > 0) {
            pause();
            answer = node.get(NodeClient.path("destinations", id, "drain"));
            int left = calls(answer.json());
            if (left != calls) {
                print(id, answer);
            }
            calls = left;
        }
        return 0;
    }

    private void print(String id, Answer answer) {
        show(answer, progress -> out().println(Shown.plain(id) + ": " + told(progress)));
        out().flush();
    }

    private static int calls(JsonNode progress) {
        return progress.path("openCalls").path("total").asInt();
    }

    private static String told(JsonNode progress) {
        StringJoiner nodes = new StringJoiner(", ", " (", ")").setEmptyValue("");
        progress.path("openCalls")
                .path("nodes")
                .properties()
                .forEach(one -> nodes.add(one.getKey() + " " + one.getValue().asText()));
        int calls = calls(progress);
        return (calls == 1 ? "1 call" : calls + " calls") + " left" + Shown.plain(nodes.toString());
    }

    private void pause() {
        try {
            Thread.sleep(Math.max(10, (long) (interval * 1000)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(Failure.NOT_REACHED, "interrupted");
        }
    }
}
