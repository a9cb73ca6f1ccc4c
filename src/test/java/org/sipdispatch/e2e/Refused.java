package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.sipdispatch.app.ProgramRun;

/** An invalid request: the expected error text, which all interfaces share, and the status of each interface. */
final class Refused {
    private final String expected;
    private final List<BiConsumer<OperatorInterfaces, Integer>> asks = new ArrayList<>();

    private Refused(String expected) {
        this.expected = expected;
    }

    static Refused with(String expected) {
        return new Refused(expected);
    }

    /** Single quotes in the body become double quotes. */
    Refused http(int status, String method, String path, String body) {
        asks.add((interfaces, node) -> {
            OperatorInterfaces.Answer answer = interfaces.http(node, method, path, body.replace('\'', '"'));
            assertThat(answer.error()).as("%s %s", method, path).isEqualTo(expected);
            assertThat(answer.status()).as("%s %s", method, path).isEqualTo(status);
        });
        return this;
    }

    /** The command line names an option where the others name a field. */
    Refused cli(int status, String... command) {
        String option = "--" + expected.substring(0, expected.indexOf(':'));
        boolean byOption = status == 2 && List.of(command).contains(option);
        asks.add((interfaces, node) -> {
            ProgramRun run = interfaces.run(node, command);
            // A hint may follow the names of commands and destinations.
            String printed = run.err().replaceFirst("; (did you mean|sip-dispatcher list) .*", "");
            assertThat(new ProgramRun(run.status(), run.out(), printed))
                    .as("%s", List.of(command))
                    .isEqualTo(new ProgramRun(status, "", (byOption ? "--" : "") + expected + "\n"));
        });
        return this;
    }

    /** OpenSIPS has its own texts for some errors; ours are in the details then. */
    Refused mi(int code, String message, String method, Map<String, ?> parameters) {
        asks.add((interfaces, node) -> {
            JsonNode error = interfaces.mi(node, method, parameters).path("error");
            assertThat(error.path("code").asInt()).as("%s", error).isEqualTo(code);
            assertThat(error.path("message").asText()).isEqualTo(message);
            assertThat(error.path("data").asText(message)).isEqualTo(expected);
        });
        return this;
    }

    /** Sends the request to all nodes. */
    void by(OperatorInterfaces interfaces, int nodes) {
        asks.forEach(ask -> IntStream.range(0, nodes).forEach(node -> ask.accept(interfaces, node)));
    }

    @Override
    public String toString() {
        return expected;
    }
}
