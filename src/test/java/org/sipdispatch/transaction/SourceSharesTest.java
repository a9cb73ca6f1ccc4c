package org.sipdispatch.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The shares of a resource per source address. */
class SourceSharesTest {
    private final SourceShares<String> shares = new SourceShares<>();

    private static InetAddress source(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Test
    void whatCannotBeGivenUpIsNeverTheOldest() {
        SourceShares.ResourceHolder<String> first = shares.addFixed(source("10.0.0.1"), "first", 100);
        shares.add(source("10.0.0.1"), "second", 1);

        assertThat(shares.largest().oldest().value()).isEqualTo("second");
        shares.release(first);
        assertThat(shares.largest().oldest().value()).isEqualTo("second");
        assertThat(shares.largest().released()).isEqualTo(101);
        assertThat(shares.fixed()).isZero();
    }

    @Test
    void whatWasUsedIsTheNewest() {
        SourceShares.ResourceHolder<String> first = shares.add(source("10.0.0.1"), "first", 1);
        shares.add(source("10.0.0.1"), "second", 1);

        shares.touch(first);

        assertThat(shares.largest().oldest().value()).isEqualTo("second");
    }

    @Test
    void aSourceWithoutAnythingIsForgotten() {
        SourceShares.ResourceHolder<String> entry = shares.add(source("10.0.0.1"), "first", 5);

        shares.remove(entry);
        shares.remove(entry);
        shares.setWeight(entry, 7);
        shares.touch(entry);

        assertThat(shares.find(source("10.0.0.1"))).isNull();
        assertThat(shares.largest()).isNull();
        assertThat(shares.released()).isZero();
    }

    @Test
    void theSumsAreRightWhateverHappens() {
        Random random = new Random(7);
        List<SourceShares.ResourceHolder<String>> held = new ArrayList<>();
        Map<InetAddress, Long> expected = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            if (held.isEmpty() || random.nextInt(3) > 0) {
                InetAddress source = source("10.0." + random.nextInt(3) + "." + random.nextInt(4));
                int weight = random.nextInt(1 << random.nextInt(20));
                held.add(shares.add(source, "thing", weight));
                expected.merge(source, (long) weight, Long::sum);
            } else {
                SourceShares.ResourceHolder<String> gone = held.remove(random.nextInt(held.size()));
                expected.merge(gone.share().source(), -gone.weight(), Long::sum);
                shares.remove(gone);
            }
            if (i % 100 == 0 && !held.isEmpty()) {
                long most = expected.values().stream()
                        .max(Comparator.naturalOrder())
                        .orElseThrow();
                assertThat(shares.largest().released()).isEqualTo(most);
            }
        }
        assertThat(shares.released())
                .isEqualTo(expected.values().stream().mapToLong(Long::longValue).sum());
        assertThat(shares.size()).isEqualTo(held.size());
    }
}
