package org.sipdispatch.manage;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.sipdispatch.desk.Caller;

/**
 * One command of the management interface.
 *
 * @param required the parameters that must be given, in their order
 * @param optional those that may follow
 * @param named those that may be given by name only
 */
record MiCommand(List<String> required, List<String> optional, List<String> named, Body body) {
    /** What it does. */
    interface Body {
        CompletionStage<? extends JsonNode> run(Caller caller, MiParams params);
    }

    static MiCommand of(List<String> required, List<String> optional, Body body) {
        return new MiCommand(required, optional, List.of(), body);
    }

    List<String> names() {
        return Stream.of(required, optional, named).flatMap(List::stream).toList();
    }

    /** The names of parameters that are given by their places; one alone that is no number is not meant for a number. */
    List<String> positions(int given, String first) {
        List<String> all = Stream.concat(required.stream(), optional.stream()).toList();
        if (given > all.size()) {
            throw MiError.invalidParams("Too few or too many parameters");
        } else if (given == 1 && all.get(0).equals("full") && !first.matches("\\d+")) {
            return all.subList(1, 2);
        }
        return all;
    }

    /** All ways of giving them by name, as {@code which} lists them. */
    List<List<String>> recipes() {
        return Stream.iterate(0, count -> count <= optional.size(), count -> count + 1)
                .map(count -> Stream.concat(required.stream(), optional.stream().limit(count))
                        .toList())
                .toList();
    }
}
