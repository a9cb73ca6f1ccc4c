package org.sipdispatch.sets;

import akka.actor.testkit.typed.javadsl.TestInbox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * A set whose load a test decides, one lane's state of it, and selections from it. Members are named by their place.
 */
final class LoadedSet implements DestinationFacts {
    static final LoadSettings SETTINGS =
            new LoadSettings(4, List.of(Duration.ofMillis(20), Duration.ofMillis(100), Duration.ofMillis(500)));

    /** The load of one member. */
    static final class Load implements DestinationLoad {
        long inFlight;
        long latencyMs;
        long usualMs;
        boolean idle;
        QualityCounts quality = QualityCounts.NONE;

        @Override
        public QualityCounts quality() {
            return quality;
        }

        @Override
        public long inFlight() {
            return inFlight;
        }

        @Override
        public long latencyMicros() {
            return latencyMs * 1000;
        }

        @Override
        public long usualLatencyMicros() {
            return usualMs * 1000;
        }

        @Override
        public boolean isIdle() {
            return idle;
        }
    }

    private final Map<String, Load> loads = new HashMap<>();
    private final SplittableRandom random;
    private final RoundRobinState state;
    private long measurements;
    private SetView view;

    private LoadedSet(SetView view, long seed) {
        this(view, seed, SETTINGS);
    }

    private LoadedSet(SetView view, long seed, LoadSettings settings) {
        this.view = view;
        random = new SplittableRandom(seed);
        state = new RoundRobinState(view.size(), new LoadContext(this, settings));
    }

    /** The same members with other settings. */
    LoadedSet with(LoadSettings settings) {
        return new LoadedSet(view, 1, settings);
    }

    /** Members with these weights, priority 0 and no attributes. */
    static LoadedSet of(int... weights) {
        return ofRows(Arrays.stream(weights).mapToObj(weight -> weight + " 0 -").toArray(String[]::new));
    }

    /** Members written as {@code weight priority attrs}; attrs {@code -} are none. */
    static LoadedSet ofRows(String... rows) {
        return seeded(1, rows);
    }

    static LoadedSet seeded(long seed, String... rows) {
        List<SetView.SetMember> members = new ArrayList<>();
        for (int i = 0; i < rows.length; i++) {
            String[] row = rows[i].split(" ");
            members.add(new SetView.SetMember(
                    new Destination(
                            "default",
                            1,
                            "sip:gw" + i + ".example.net",
                            null,
                            Integer.parseInt(row[0]),
                            Integer.parseInt(row[1]),
                            row[2].equals("-") ? "" : row[2],
                            Integer.toString(i)),
                    true));
        }
        return new LoadedSet(SetView.of(Views.ID, members), seed);
    }

    /** The same row for each member. */
    static LoadedSet ofMany(int size, String row) {
        String[] rows = new String[size];
        Arrays.fill(rows, row);
        return ofRows(rows);
    }

    @Override
    public LongSupplier reader(FigurePattern figure, Destination destination) {
        return () -> 0;
    }

    @Override
    public String scriptAttrs(Destination destination) {
        return "";
    }

    @Override
    public Load load(Destination destination) {
        return loads.computeIfAbsent(destination.description(), name -> new Load());
    }

    @Override
    public long measurements() {
        return measurements;
    }

    Load load(int member) {
        return loads.computeIfAbsent(Integer.toString(member), name -> new Load());
    }

    /** Sets the latencies of the members in their order, and measures. */
    LoadedSet latencies(long... ms) {
        for (int i = 0; i < ms.length; i++) {
            load(i).latencyMs = ms[i];
        }
        return measured();
    }

    LoadedSet measured() {
        measurements++;
        return this;
    }

    LoadedSet inFlight(long... calls) {
        for (int i = 0; i < calls.length; i++) {
            load(i).inFlight = calls[i];
        }
        return this;
    }

    /** These members become unusable, all others usable. */
    LoadedSet without(Integer... members) {
        List<Integer> down = List.of(members);
        SetView next = view.withActive(
                place -> !down.contains(Integer.parseInt(view.member(place).description())));
        state.move(view, next);
        view = next;
        return this;
    }

    List<Integer> select(Algorithm algorithm, String flags) {
        return Selection.select(view, state, algorithm, random.nextInt(), SelectFlags.parse(flags)).stream()
                .map(destination -> Integer.parseInt(destination.description()))
                .collect(Collectors.toList());
    }

    /** The first choice; -1 for none. */
    int pick(Algorithm algorithm) {
        List<Integer> selected = select(algorithm, "");
        return selected.isEmpty() ? -1 : selected.get(0);
    }

    /** How often each member is the first choice. */
    int[] counts(Algorithm algorithm, int picks) {
        int[] counts = new int[view.size()];
        for (int i = 0; i < picks; i++) {
            counts[pick(algorithm)]++;
        }
        return counts;
    }

    /** The explanation of the next selection, by place in the view. */
    List<String> why(Algorithm algorithm, String flags) {
        RecordingTrace trace = new RecordingTrace();
        trace.select(view, state, Views.query(algorithm, 7, SelectFlags.parse(flags), 0, trace, TestInbox.create()));
        return trace.answer(0).why();
    }
}
