package org.sipdispatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.sipdispatch.settings.SettingException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Base of all commands that talk to a node. */
@Command(
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:done",
            "1:refused by the node",
            "2:an invalid command line",
            "3:no node could be reached, or it did not authorise us",
            "4:the outcome of the order is unknown",
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
        } catch (CommandException e) {
            return fail(e.status(), e.getMessage());
        } catch (SettingException e) {
            return fail(CommandException.BAD_COMMAND_LINE, e.getMessage());
        }
    }

    /** Executes the command and returns the exit status. */
    abstract int run(NodeClient node);

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /** Whether the output is closed, as after {@code | head}: commands that print without end stop then. */
    boolean isOutputClosed() {
        return out().checkError() || System.out.checkError();
    }

    private int fail(int status, String line) {
        out().flush();
        err().println(TerminalFormat.withoutControls(line));
        err().flush();
        return status;
    }

    /** Prints the response unchanged with {@code --json}, otherwise in a readable form. */
    int show(NodeResponse answer, Consumer<JsonNode> forPeople) {
        if (options.json()) {
            out().println(answer.text().stripTrailing());
        } else {
            forPeople.accept(answer.json());
        }
        return 0;
    }

    /**
     * Returns the response to an order.
     *
     * @throws CommandException if it says that the outcome is unknown
     */
    NodeResponse requireKnownOutcome(NodeResponse answer) {
        JsonNode outcome = answer.json();
        if (!outcome.path("outcome").asText().equals("unknown")) {
            return answer;
        }
        if (options.json()) {
            show(answer, unused -> {});
        }
        String destination = outcome.path("destination").asText();
        throw new CommandException(
                CommandException.UNKNOWN_OUTCOME,
                outcome.path("message").asText() + "; query it with: sip-dispatcher order "
                        + quoted(outcome.path("order").asText())
                        + (destination.isEmpty() ? "" : " --destination " + quoted(destination)));
    }

    /** Quotes a word for a shell if necessary. */
    private static String quoted(String word) {
        return word.matches("[\\w.:@%+,/=-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    Table table(String... heads) {
        return new Table(Terminal.supportsColour(), heads);
    }

    long nowMs() {
        return System.currentTimeMillis();
    }

    /** Waits between two queries of a command that watches. */
    static void pause(double seconds) {
        try {
            Thread.sleep(Math.max(10, (long) (seconds * 1000)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException(CommandException.UNREACHABLE, "interrupted");
        }
    }

    /** The body of an order with the operator's name, and the reason if it is not null. */
    static ObjectNode orderBody(String why) {
        ObjectNode body = Json.object().put("who", System.getProperty("user.name", "operator"));
        if (why != null) {
            body.put("why", why);
        }
        return body;
    }
}
