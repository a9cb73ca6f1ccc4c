package org.sipdispatch.manage;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.sipdispatch.operations.OperationCaller;

/**
 * A command of the management interface (MI).
 *
 * @param required the required parameters, in order
 * @param optional the optional parameters that may follow
 * @param named the parameters that can be given by name only
 */
record MiCommand(List<String> required, List<String> optional, List<String> named, MiAction action) {
    interface MiAction {
        CompletionStage<? extends JsonNode> run(OperationCaller caller, MiParams params);
    }

    static MiCommand of(List<String> required, List<String> optional, MiAction body) {
        return new MiCommand(required, optional, List.of(), body);
    }

    List<String> names() {
        return Stream.of(required, optional, named).flatMap(List::stream).toList();
    }

    /** The names of positional parameters. A single parameter that is not a number is not the numeric {@code full}. */
    List<String> positions(int given, String first) {
        List<String> all = Stream.concat(required.stream(), optional.stream()).toList();
        if (given > all.size()) {
            throw MiError.invalidParams("Too few or too many parameters");
        } else if (given == 1 && all.get(0).equals("full") && !first.matches("\\d+")) {
            return all.subList(1, 2);
        }
        return all;
    }

    /** All combinations of named parameters, as {@code which} lists them. */
    List<List<String>> parameterCombinations() {
        return Stream.iterate(0, count -> count <= optional.size(), count -> count + 1)
                .map(count -> Stream.concat(required.stream(), optional.stream().limit(count))
                        .toList())
                .toList();
    }
}
