package org.sipdispatch.sets;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.sipdispatch.sip.Ascii;
import org.sipdispatch.sip.SipParser;
import org.sipdispatch.sip.SipRequest;

/** Selections recorded from a running OpenSIPS 2.4.9. */
class VectorsTest {
    private static final Path VECTORS = Path.of("src/test/resources/vectors");

    private final Map<Integer, SetView> sets = loadSets();
    private final Map<Integer, RoundRobinState> cursors = new HashMap<>();
    private final SelectionKey key = new SelectionKey(true, java.util.Set.of("udp"));

    @Test
    void allPicksOfOpensipsAreReproduced() throws IOException {
        List<String> lines = Files.readAllLines(VECTORS.resolve("opensips-2.4.9-picks.jsonl"));
        List<String> wrong = new ArrayList<>();

        for (String line : lines) {
            Config vector = ConfigFactory.parseString(line);
            List<?> picks = vector.getString("kind").equals("sequence") ? sequence(vector) : picks(vector);
            List<?> expected = vector.getAnyRefList("picks");
            if (!picks.equals(expected)) {
                wrong.add(line + " but got " + picks);
            }
        }

        assertThat(lines).hasSize(875);
        assertThat(wrong).isEmpty();
    }

    private List<List<String>> sequence(Config vector) {
        int set = vector.getInt("set");
        cursors.put(set, new RoundRobinState(sets.get(set).size()));
        List<List<String>> picks = new ArrayList<>();
        for (int i = 0; i < vector.getAnyRefList("picks").size(); i++) {
            picks.add(select(set, Algorithm.ROUND_ROBIN, 0, flags(vector.getString("flags"))));
        }
        return picks;
    }

    private List<String> picks(Config vector) {
        SipRequest request = (SipRequest) parse(vector.getString("request"));
        String[] numbers = vector.getString("set").split(",");
        String[] algorithms = vector.getString("alg").split(",");
        String[] flags = vector.getString("flags").split(",");
        List<String> picks = new ArrayList<>();
        for (int i = 0; i < numbers.length; i++) {
            Algorithm algorithm = Algorithm.of(algorithms[i]);
            SelectFlags flag = flags(flags[i]);
            long hash = hash(request, algorithm, flag);
            if (hash != SelectionKey.MISSING) {
                picks.addAll(select(Integer.parseInt(numbers[i]), algorithm, (int) hash, flag));
            }
        }
        return picks;
    }

    private long hash(SipRequest request, Algorithm algorithm, SelectFlags flags) {
        return switch (algorithm) {
            case CALL_ID -> key.ofCallId(request);
            case FROM_URI -> key.ofAddress(request.from(), flags.userOnly());
            case TO_URI -> key.ofAddress(request.to(), flags.userOnly());
            case REQUEST_URI -> key.ofUri(request.requestUri(), flags.userOnly());
            case AUTH_USER -> key.ofAuthUser(request);
            case HASH_PVAR -> key.ofText(fromUser(request) + "@" + request.text("call-id"));
            default -> 0;
        };
    }

    private static String fromUser(SipRequest request) {
        String user = request.from().uri().user();
        return user.isEmpty() ? "<null>" : user;
    }

    private List<String> select(int set, Algorithm algorithm, int hash, SelectFlags flags) {
        SetView view = sets.get(set);
        RoundRobinState cursor = cursors.computeIfAbsent(set, id -> new RoundRobinState(view.size()));
        return Selection.select(view, cursor, algorithm, hash, flags).stream()
                .map(Destination::attrs)
                .toList();
    }

    private static SelectFlags flags(String text) {
        return SelectFlags.parse(text);
    }

    private static Object parse(String text) {
        byte[] bytes = Ascii.bytes(text);
        return SipParser.parse(bytes, 0, bytes.length);
    }

    private static Map<Integer, SetView> loadSets() {
        Map<Integer, List<SetView.SetMember>> rows = new TreeMap<>();
        for (String line : lines("sets.csv").subList(1, lines("sets.csv").size())) {
            String[] cell = line.split(",");
            int set = Integer.parseInt(cell[1]);
            Destination destination = new Destination(
                    "default",
                    set,
                    cell[2],
                    null,
                    Integer.parseInt(cell[5]),
                    Integer.parseInt(cell[6]),
                    cell[7],
                    cell[8]);
            rows.computeIfAbsent(set, id -> new ArrayList<>())
                    .add(new SetView.SetMember(destination, cell[4].equals("0")));
        }
        Map<Integer, SetView> views = new HashMap<>();
        rows.forEach((set, members) -> views.put(set, SetView.of(new SetId("default", set), members)));
        return views;
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(VECTORS.resolve(file));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
