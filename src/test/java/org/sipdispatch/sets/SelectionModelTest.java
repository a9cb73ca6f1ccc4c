package org.sipdispatch.sets;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Compares selections with an independent model of OpenSIPS 2.4, with weights whose sums wrap at 16 bits. */
class SelectionModelTest {
    private static final int NOBODY = -1;

    /** The model: simple, slow, and written from the description, not from the code. */
    private static final class Model {
        private final int[] weight;
        private final int[] served;
        private boolean[] active;
        private int last;

        Model(int[] weight) {
            this.weight = weight;
            served = new int[weight.length];
        }

        private List<Integer> upTo(int size, boolean onlyActive) {
            List<Integer> places = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                if (!onlyActive || active[i]) {
                    places.add(i);
                }
            }
            return places;
        }

        private int reduced(List<Integer> places, long hash) {
            if (places.isEmpty()) {
                return NOBODY;
            }
            long total = places.stream().mapToLong(i -> weight[i]).sum() % 65536;
            if (total == 0) {
                return places.get((int) (hash % places.size()));
            }
            long running = 0;
            for (int place : places) {
                running = (running + weight[place]) % 65536;
                if (hash % total < running) {
                    return place;
                }
            }
            return NOBODY;
        }

        int pick(Algorithm algorithm, long hash, boolean reserve) {
            int n = weight.length;
            int size = reserve && n > 1 ? n - 1 : n;
            if (upTo(n, true).isEmpty()) {
                return NOBODY;
            }
            int candidate = 0;
            if (algorithm == Algorithm.ROUND_ROBIN) {
                candidate = last;
                if (served[last] >= weight[last]) {
                    served[last] = 0;
                    candidate = (last + 1) % size;
                }
            } else if (algorithm == Algorithm.CALL_ID) {
                candidate = reduced(upTo(size, false), hash);
            }
            int picked = candidate;
            if (!active[candidate]) {
                picked = algorithm == Algorithm.CALL_ID ? reduced(upTo(size, true), hash) : around(candidate, size);
            }
            if (picked == NOBODY && reserve && active[n - 1]) {
                picked = n - 1;
            }
            if (picked != NOBODY) {
                last = picked;
                served[picked] += algorithm == Algorithm.ROUND_ROBIN ? 1 : 0;
            }
            return picked;
        }

        private int around(int candidate, int size) {
            for (int step = 1; step <= size; step++) {
                if (active[(candidate + step) % size]) {
                    return (candidate + step) % size;
                }
            }
            return NOBODY;
        }

        /** Deliberately differs from OpenSIPS in one respect: an unusable reserve is not listed. */
        List<Integer> chain(int picked, boolean reserve, int limit) {
            int n = weight.length;
            List<Integer> others = new ArrayList<>();
            int usable = 0;
            for (int step = 0; step < n; step++) {
                int place = (picked + step) % n;
                if (active[place] && !(reserve && place == n - 1)) {
                    usable++;
                    if (step > 0) {
                        others.add(place);
                    }
                }
            }
            int kept = Math.max(0, others.size() - Math.max(0, usable - limit));
            List<Integer> chain = new ArrayList<>(List.of(picked));
            chain.addAll(others.subList(0, kept));
            if (reserve && picked != n - 1 && active[n - 1]) {
                chain.add(n - 1);
            }
            return chain;
        }
    }

    /** Includes rows that share set, URI and socket: each of them counts. */
    @Property(tries = 3000)
    void picksAndFailoverListsAreThoseOfTheModel(@ForAll long seed, @ForAll boolean equalRows) {
        Random random = new Random(seed);
        int n = 1 + random.nextInt(7);
        int bound = random.nextInt(3) == 0 ? 20_001 : random.nextInt(4) == 0 ? 1 : 51;
        int[] weights = random.ints(n, 0, bound).toArray();
        Model model = new Model(weights);
        RoundRobinState cursor = new RoundRobinState(n);
        SetView previous = null;

        for (int step = 0; step < 40; step++) {
            if (previous == null || random.nextInt(8) == 0) {
                boolean[] active = new boolean[n];
                for (int i = 0; i < n; i++) {
                    active[i] = random.nextInt(4) > 0;
                }
                model.active = active;
                SetView next = equalRows ? Views.ofEqualRows(weights, active) : Views.of(weights, active);
                if (previous != null) {
                    cursor.move(previous, next);
                }
                previous = next;
            }
            Algorithm algorithm = List.of(Algorithm.CALL_ID, Algorithm.ROUND_ROBIN, Algorithm.PRIORITY)
                    .get(random.nextInt(3));
            boolean reserve = random.nextInt(3) == 0;
            int limit = random.nextInt(4) == 0 ? 1000 : 1 + random.nextInt(5);
            int hash = algorithm == Algorithm.CALL_ID ? random.nextInt() : 0;

            List<Destination> selected = Selection.select(
                    previous, cursor, algorithm, hash, new SelectFlags(true, false, reserve, false, limit));

            int picked = model.pick(algorithm, Integer.toUnsignedLong(hash), reserve);
            List<Integer> expected = picked == NOBODY ? List.of() : model.chain(picked, reserve, limit);
            assertThat(selected.stream().map(one -> one.description().charAt(0) - 'a'))
                    .as("%s of %s, reserve %s, limit %s", algorithm, java.util.Arrays.toString(weights), reserve, limit)
                    .containsExactlyElementsOf(expected);
        }
    }
}
