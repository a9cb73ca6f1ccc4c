package org.sipdispatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.sipdispatch.settings.BadSetting;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What all commands have in common that talk to a node. */
@Command(
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:done",
            "1:refused by the node",
            "2:a bad command line",
            "3:no node could be reached, or it did not authorise us",
            "4:not known whether the order was done",
            "70:a defect; SIP_DISPATCHER_DEBUG=1 in the environment shows where"
        })
abstract class NodeCommand implements Callable<Integer> {
    @Mixin
    NodeOptions options;

    @Spec
    CommandSpec spec;

    @Override
    public final Integer call() {
        try {
            int status = run(options.client());
            out().flush();
            return status;
        } catch (Failure e) {
            return refuse(e.status(), e.getMessage());
        } catch (BadSetting e) {
            return refuse(Failure.BAD_COMMAND_LINE, e.getMessage());
        }
    }

    /** Does it; the exit status. */
    abstract int run(NodeClient node);

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /** Whether what is printed goes nowhere any more, as behind {@code | head}: then what prints without end is to end. */
    boolean nobodyReads() {
        return out().checkError() || System.out.checkError();
    }

    private int refuse(int status, String line) {
        out().flush();
        err().println(Shown.plain(line));
        err().flush();
        return status;
    }

    /** Prints the answer as it is, or else as for people. */
    int show(Answer answer, Consumer<JsonNode> forPeople) {
        if (options.json()) {
            out().println(answer.text().stripTrailing());
        } else {
            forPeople.accept(answer.json());
        }
        return 0;
    }

    /** The answer to an order, unless it says that the outcome is not known. */
    Answer known(Answer answer) {
        JsonNode outcome = answer.json();
        if (!outcome.path("outcome").asText().equals("unknown")) {
            return answer;
        }
        if (options.json()) {
            show(answer, unused -> {});
        }
        String destination = outcome.path("destination").asText();
        throw new Failure(
                Failure.NOT_KNOWN,
                outcome.path("message").asText() + "; look with: sip-dispatcher order "
                        + quoted(outcome.path("order").asText())
                        + (destination.isEmpty() ? "" : " --destination " + quoted(destination)));
    }

    /** As a shell takes it for one word. */
    private static String quoted(String word) {
        return word.matches("[\\w.:@%+,/=-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    Table table(String... heads) {
        return new Table(Terminal.isColoured(), heads);
    }

    long nowMs() {
        return System.currentTimeMillis();
    }

    /** The body of an order: who gives it, and why if that is said. */
    static ObjectNode order(String why) {
        ObjectNode body = NodeClient.object().put("who", System.getProperty("user.name", "operator"));
        if (why != null) {
            body.put("why", why);
        }
        return body;
    }
}
