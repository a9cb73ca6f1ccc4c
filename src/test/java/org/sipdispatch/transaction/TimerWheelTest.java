package org.sipdispatch.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TimerWheelTest {
    private static final long ONE_TURN_MS = 4096L * TimerWheel.TICK_MS;

    private final TimerWheel wheel = new TimerWheel(1000);
    private final List<String> fired = new ArrayList<>();

    @Test
    void aTimerFiresOnceWhenItIsDueAndNotBefore() {
        wheel.set(named("a"), 1500);

        wheel.advance(1499);
        assertThat(fired).isEmpty();

        wheel.advance(1500);
        wheel.advance(900_000);
        assertThat(fired).containsExactly("a 1500");
        assertThat(wheel.size()).isZero();
    }

    @Test
    void aTimerBetweenTwoTicksFiresAtTheLaterOne() {
        wheel.set(named("a"), 1501);

        wheel.advance(1519);
        assertThat(fired).isEmpty();
        wheel.advance(1520);
        assertThat(fired).containsExactly("a 1520");
    }

    @Test
    void aTimerThatIsDueAlreadyFiresWithTheNextTick() {
        wheel.set(named("a"), 5);

        wheel.advance(1000);
        assertThat(fired).isEmpty();
        wheel.advance(1020);
        assertThat(fired).containsExactly("a 1020");
    }

    @Test
    void theWheelIsIdleUntilTheTickOfItsNextTimer() {
        assertThat(wheel.isIdleFor(5)).isTrue();
        wheel.set(named("a"), 1200);
        assertThat(wheel.isIdleFor(5)).isTrue();

        wheel.advance(1080);
        assertThat(wheel.isIdleFor(5)).isTrue();
        wheel.advance(1100);
        assertThat(wheel.isIdleFor(4)).isTrue();
        assertThat(wheel.isIdleFor(5)).isFalse();

        wheel.set(named("b"), 1140);
        assertThat(wheel.isIdleFor(1)).isTrue();
        assertThat(wheel.isIdleFor(2)).isFalse();
        wheel.advance(1200);
        assertThat(wheel.isIdleFor(TimerWheel.MOST_AHEAD)).isTrue();
    }

    @Test
    void aCancelledTimerDoesNotFire() {
        TimerWheel.Timer timer = named("a");
        wheel.set(timer, 1500);

        wheel.cancel(timer);
        wheel.cancel(timer);

        wheel.advance(10_000);
        assertThat(fired).isEmpty();
        assertThat(wheel.size()).isZero();
        assertThat(timer.isSet()).isFalse();
    }

    @Test
    void aTimerThatIsSetAgainFiresAtItsNewTimeOnly() {
        TimerWheel.Timer timer = named("a");
        wheel.set(timer, 1500);

        wheel.set(timer, 1700);

        wheel.advance(1600);
        assertThat(fired).isEmpty();
        wheel.advance(1700);
        assertThat(fired).containsExactly("a 1700");
    }

    @Test
    void aTimerMaySetItselfAgain() {
        TimerWheel.Timer[] self = new TimerWheel.Timer[1];
        self[0] = timer(now -> {
            fired.add("a " + now);
            if (now < 1100) {
                wheel.set(self[0], now + 20);
            }
        });
        wheel.set(self[0], 1040);

        for (long now = 1000; now <= 2000; now += 20) {
            wheel.advance(now);
        }

        assertThat(fired).containsExactly("a 1040", "a 1060", "a 1080", "a 1100");
    }

    @Test
    void aTimerMaySetAnotherOneForTheNextTick() {
        wheel.set(timer(now -> wheel.set(named("b"), now)), 1100);

        wheel.advance(1100);
        assertThat(fired).isEmpty();
        wheel.advance(1120);
        assertThat(fired).containsExactly("b 1120");
    }

    @Test
    void aTimerThatFiresMayCancelOneOfTheSameTick() {
        TimerWheel.Timer second = named("b");
        wheel.set(timer(now -> wheel.cancel(second)), 1100);
        wheel.set(second, 1100);
        wheel.set(named("c"), 1100);

        wheel.advance(1100);

        assertThat(fired).containsExactly("c 1100");
        assertThat(wheel.size()).isZero();
    }

    @Test
    void aTimerThatFiresMayPutOffOneOfTheSameTick() {
        TimerWheel.Timer second = named("b");
        wheel.set(timer(now -> wheel.set(second, 1200)), 1100);
        wheel.set(second, 1100);

        wheel.advance(1180);
        assertThat(fired).isEmpty();
        wheel.advance(1200);
        assertThat(fired).containsExactly("b 1200");
    }

    @Test
    void aTimerThatFiresMayCancelOneOfALaterTurnInTheSameSlot() {
        TimerWheel.Timer later = named("later");
        wheel.set(timer(now -> wheel.cancel(later)), 1100);
        wheel.set(later, 1100 + ONE_TURN_MS);

        wheel.advance(1100 + 2 * ONE_TURN_MS);

        assertThat(fired).isEmpty();
    }

    @Test
    void aTimerBeyondOneTurnWaitsForItsTurn() {
        wheel.set(named("far"), 1000 + 3 * ONE_TURN_MS);
        wheel.set(named("near"), 1000 + ONE_TURN_MS);

        wheel.advance(1000 + ONE_TURN_MS);
        assertThat(fired).hasSize(1);
        wheel.advance(1000 + 3 * ONE_TURN_MS - 20);
        assertThat(fired).hasSize(1);
        wheel.advance(1000 + 3 * ONE_TURN_MS);
        assertThat(fired).hasSize(2).last().asString().startsWith("far");
    }

    @Test
    void timeThatStandsStillOrGoesOnABitFiresNothingTwice() {
        wheel.set(named("a"), 1020);

        wheel.advance(1020);
        wheel.advance(1020);
        wheel.advance(1021);

        assertThat(fired).containsExactly("a 1020");
    }

    @Property(tries = 200)
    void allTimersFireInTheirOrderAtTheirTick(
            @ForAll @Size(max = 60) List<@IntRange(min = 0, max = 200_000) Integer> delays) {
        TimerWheel any = new TimerWheel(0);
        List<Long> due = new ArrayList<>();
        for (int delay : delays) {
            long expected = Math.max(20, (delay + 19) / 20 * 20);
            any.set(
                    timer(now -> {
                        assertThat(now).isEqualTo(expected);
                        due.add(expected);
                    }),
                    delay);
        }

        for (long now = 0; now <= 200_020; now += 20) {
            any.advance(now);
        }

        assertThat(due).hasSize(delays.size()).isSorted();
    }

    @Test
    void aTimerThatFailsDoesNotKeepTheOthersFromFiring() {
        TimerWheel any = new TimerWheel(0);
        any.set(
                timer(now -> {
                    throw new IllegalStateException("a bug");
                }),
                100);
        any.set(named("b"), 100);
        any.set(named("c"), 100);

        assertThatThrownBy(() -> any.advance(100)).hasMessage("a bug");
        any.advance(140);

        assertThat(fired).containsExactly("b 140", "c 140");
    }

    private TimerWheel.Timer named(String name) {
        return timer(now -> fired.add(name + " " + now));
    }

    private static TimerWheel.Timer timer(LongConsumer action) {
        return TimerWheel.timer(action);
    }
}
