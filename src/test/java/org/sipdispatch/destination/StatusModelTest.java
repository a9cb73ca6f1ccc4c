package org.sipdispatch.destination;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import org.sipdispatch.settings.StatusCodes;

/**
 * Random histories against an independent model: two hundred thousand and a hundred long ones, with the tag long two
 * million and a thousand long ones.
 */
class StatusModelTest {
    private static final int HISTORIES = 2_000;
    private static final int MOST_STEPS = 30;
    private static final int LONG_HISTORY = 1_500;

    /** The model: the last order of an operator, and runs of pings, written from the rules. */
    private static final class Model {
        private final int threshold;
        private final int successThreshold;
        private boolean hold;
        private boolean down;
        private boolean busy;
        private int badRun;
        private int goodRun;

        Model(int threshold, int successThreshold, DestinationState first) {
            this.threshold = threshold;
            this.successThreshold = successThreshold;
            hold = first == DestinationState.INACTIVE;
            down = first == DestinationState.PROBING;
        }

        void alive(boolean full) {
            if (hold) {
                return;
            }
            badRun = 0;
            if (down) {
                goodRun++;
                if (goodRun < successThreshold) {
                    return;
                }
                down = false;
                goodRun = 0;
            }
            busy = full;
        }

        void dead(int times, boolean sure) {
            if (hold) {
                return;
            }
            for (int i = 0; i < times; i++) {
                goodRun = 0;
                if (badRun < threshold) {
                    badRun++;
                }
                if (!down && badRun == threshold) {
                    if (sure) {
                        down = true;
                        busy = false;
                    } else {
                        badRun = threshold - 1;
                    }
                }
            }
        }

        void served() {
            if (!hold && !down) {
                badRun = 0;
            }
        }

        void ordered(DestinationState state) {
            if (state == DestinationState.INACTIVE) {
                hold = true;
            } else if (state == DestinationState.ACTIVE) {
                hold = down = busy = false;
                badRun = goodRun = 0;
            } else if (!hold && !down) {
                down = true;
                busy = false;
                goodRun = 0;
            }
        }

        String shown() {
            return (hold ? "INACTIVE" : down ? "PROBING" : "ACTIVE") + (busy ? " busy" : "");
        }
    }

    @Property(tries = 100)
    void historiesEndWhereTheModelDoes(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 5) int threshold,
            @ForAll @IntRange(min = 1, max = 4) int successThreshold,
            @ForAll DestinationState first) {
        runHistories(seed, threshold, successThreshold, first);
    }

    @Property(tries = 1000)
    @Tag("long")
    void manyHistoriesEndWhereTheModelDoes(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 5) int threshold,
            @ForAll @IntRange(min = 1, max = 4) int successThreshold,
            @ForAll DestinationState first) {
        runHistories(seed, threshold, successThreshold, first);
    }

    /** One of them was paused or cut off after it began: what the other one decided stays. */
    @Property(tries = 1000)
    void ofTwoActorsOfOneTermTheOneThatContinuesDecides(
            @ForAll long seed,
            @ForAll DestinationState first,
            @ForAll @IntRange(min = 1, max = 9) int ownNode,
            @ForAll @IntRange(min = 1, max = 9) int otherNode,
            @ForAll @IntRange(max = 4) int otherChanges) {
        Assume.that(ownNode != otherNode);
        Random random = new Random(seed);
        Status known = Status.initial(first, 0).inNextTerm(5);
        Status own = known.inNextTerm(ownNode);
        Status other = known.inNextTerm(otherNode);
        List<Status> decided = new ArrayList<>(List.of(own));
        for (int now = 1; now <= 5; now++) {
            own = order(own, random, now);
            decided.add(own);
        }
        for (int change = 1; change <= otherChanges; change++) {
            other = order(other, random, 10 + change);
        }
        if (other.version().change() == 0 && own.version().change() > 0) {
            decided.add(other);
        }
        Collections.shuffle(decided, random);
        assertThat(decided.stream().reduce(StatusModelTest::newer)).hasValue(own);

        if (other.supersedes(own.version(), known.version())) {
            LocalChanges local = own.version().change() > 0 ? LocalChanges.NONE.withOperator() : LocalChanges.NONE;
            Status merged = own.mergedWith(other, local, ownNode);
            assertThat(newer(newer(other, merged), own)).isEqualTo(merged);
            assertThat(merged.state()).isEqualTo(own.version().change() > 0 ? own.state() : other.state());
        }
    }

    private static Status order(Status status, Random random, int now) {
        DestinationState[] states = DestinationState.values();
        return status.set(states[random.nextInt(states.length)], "alice", "", now);
    }

    private static Status newer(Status one, Status other) {
        return other.version().isAfter(one.version()) ? other : one;
    }

    private static void runHistories(long seed, int threshold, int successThreshold, DestinationState first) {
        Random random = new Random(seed);
        HealthThresholds limits = new HealthThresholds(
                threshold, successThreshold, StatusCodes.NONE, StatusCodes.parse("busy", "503", 2));

        for (int history = 0; history < HISTORIES; history++) {
            runHistory(random, limits, first, 1 + random.nextInt(MOST_STEPS));
        }
        runHistory(random, limits, first, LONG_HISTORY);
    }

    private static void runHistory(Random random, HealthThresholds limits, DestinationState first, int steps) {
        Model model = new Model(limits.threshold(), limits.successThreshold(), first);
        Status status = Status.initial(first, 0).inNextTerm(1);
        List<DestinationEvent> events = new ArrayList<>();
        List<String> shown = new ArrayList<>(List.of(model.shown()));

        for (int now = 1; now <= steps; now++) {
            Status before = status;
            status = step(before, model, limits, random, now);

            DestinationEvent event = DestinationEvent.between("a", null, before, status);
            if (event != null) {
                events.add(event);
            }
            if (!model.shown().equals(shown.get(shown.size() - 1))) {
                shown.add(model.shown());
            }
            check(before, status, model, now, event);
        }
        checkEvents(events, shown);
    }

    private static Status step(Status status, Model model, HealthThresholds limits, Random random, int now) {
        boolean sure = random.nextInt(4) > 0;
        switch (random.nextInt(14)) {
            case 0, 1 -> {
                model.alive(false);
                return status.pinged(Samples.GOOD, limits, sure, now);
            }
            case 2 -> {
                model.alive(true);
                return status.pinged(Samples.replied(503), limits, sure, now);
            }
            case 3, 4, 5, 6 -> {
                PingResult[] bad = {Samples.SILENT, Samples.UNREACHABLE, Samples.NOT_SENT, Samples.replied(500)};
                model.dead(1, sure);
                return status.pinged(bad[random.nextInt(bad.length)], limits, sure, now);
            }
            case 7 -> {
                return status.pinged(Samples.NO_EVIDENCE, limits, sure, now);
            }
            case 8, 9 -> {
                return traffic(status, model, limits, random, now);
            }
            default -> {
                return order(status, model, random, now);
            }
        }
    }

    private static Status traffic(Status status, Model model, HealthThresholds limits, Random random, int now) {
        int succeeded = random.nextInt(2);
        int strikes = random.nextInt(3);
        boolean sure = random.nextBoolean();
        if (succeeded > 0) {
            model.served();
        }
        model.dead(strikes, sure);
        Observation seen = new Observation(Samples.DESTINATION, succeeded, strikes, strikes, !sure, 408);
        return status.observed(seen, limits, sure, now);
    }

    private static Status order(Status status, Model model, Random random, int now) {
        // Orders are rarer than ping results.
        if (random.nextInt(3) > 0) {
            return status;
        }
        int choice = random.nextInt(5);
        if (choice >= 3) {
            model.hold = false;
            return status.released("alice", "", now);
        }
        DestinationState state = DestinationState.of(choice);
        model.ordered(state);
        return status.set(state, "alice", "", now);
    }

    private static void check(Status before, Status after, Model model, int now, DestinationEvent event) {
        String shown = after.state() + (after.busy() ? " busy" : "");
        boolean right = shown.equals(model.shown())
                && after.failures() == model.badRun
                && after.successes() == model.goodRun
                && after.takesTraffic() == (!model.hold && !model.down && !model.busy)
                && (after == before || after.version().equals(before.version().nextChange()))
                && after.sinceMs() == (event == null ? before.sinceMs() : now);
        if (!right) {
            throw new AssertionError("step " + now + ": " + before + " became " + after + ", not " + model.shown()
                    + " with " + model.badRun + " failures and " + model.goodRun + " successes");
        }
    }

    private static void checkEvents(List<DestinationEvent> events, List<String> shown) {
        assertThat(events).hasSize(shown.size() - 1);
        for (int i = 0; i < events.size(); i++) {
            DestinationEvent event = events.get(i);
            assertThat(event.from() + (event.fromBusy() ? " busy" : "")).isEqualTo(shown.get(i));
            assertThat(event.to() + (event.toBusy() ? " busy" : "")).isEqualTo(shown.get(i + 1));
            if (i > 0) {
                assertThat(event.version().isAfter(events.get(i - 1).version())).isTrue();
            }
        }
    }
}
