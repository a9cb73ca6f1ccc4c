package org.sipdispatch.sets;

import akka.actor.testkit.typed.javadsl.TestInbox;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Sets for tests: members named a, b, c ... in row order, all usable unless stated otherwise. */
final class Views {
    static final SetId ID = new SetId("default", 1);

    private Views() {}

    /** The context of a selection whose answer is ignored. */
    record Context(int place, SelectTrace trace) implements SelectContext {
        @Override
        public void selected(List<Destination> candidates) {
            throw new AssertionError("the test reads the inbox");
        }
    }

    /** A request for a selection. */
    static SetActor.Select query(
            Algorithm algorithm,
            int hash,
            SelectFlags flags,
            int place,
            SelectTrace trace,
            TestInbox<SetActor.Selected> inbox) {
        return new SetActor.Select(algorithm, hash, flags, new Context(place, trace), inbox.getRef());
    }

    static SetView of(int... weights) {
        boolean[] active = new boolean[weights.length];
        Arrays.fill(active, true);
        return of(weights, active);
    }

    static SetView of(int[] weights, boolean[] active) {
        List<SetView.SetMember> rows = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            rows.add(new SetView.SetMember(destination(name(i), weights[i], 0), active[i]));
        }
        return SetView.of(ID, rows);
    }

    /** A set of rows that share set, URI and socket. */
    static SetView ofEqualRows(int[] weights, boolean[] active) {
        List<SetView.SetMember> rows = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            rows.add(new SetView.SetMember(
                    new Destination("default", 1, "sip:a.example.net", null, weights[i], 0, "", name(i), i + 1),
                    active[i]));
        }
        return SetView.of(ID, rows);
    }

    /** Members with these weights; those named in {@code down} are not usable. */
    static SetView without(String down, int... weights) {
        boolean[] active = new boolean[weights.length];
        for (int i = 0; i < weights.length; i++) {
            active[i] = down.indexOf('a' + i) < 0;
        }
        return of(weights, active);
    }

    static Destination destination(String name, int weight, int priority) {
        return new Destination("default", 1, "sip:" + name + ".example.net", null, weight, priority, "", name);
    }

    private static String name(int place) {
        return Character.toString((char) ('a' + place));
    }

    /** The results of repeated selections, each with the names of all candidates. */
    static List<String> picks(SetView view, Algorithm algorithm, String flags, int times) {
        return picks(view, new RoundRobinState(view.size()), algorithm, flags, times);
    }

    static List<String> picks(SetView view, RoundRobinState cursor, Algorithm algorithm, String flags, int times) {
        List<String> picks = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            picks.add(select(view, cursor, algorithm, 0, flags));
        }
        return picks;
    }

    /** The names of the candidates, best first. */
    static String select(SetView view, RoundRobinState cursor, Algorithm algorithm, int hash, String flags) {
        StringBuilder names = new StringBuilder();
        Selection.select(view, cursor, algorithm, hash, SelectFlags.parse(flags))
                .forEach(destination -> names.append(destination.description()));
        return names.toString();
    }
}
