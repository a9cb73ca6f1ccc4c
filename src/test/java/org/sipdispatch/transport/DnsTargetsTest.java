package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipdispatch.sets.IpVersionPreference;

class DnsTargetsTest {
    private static final int DRAWS = 100_000;

    /** The address of target N in the list is 192.0.2.N. */
    private static DnsTargets targets(int... weights) {
        return DnsTargets.of(IntStream.range(0, weights.length)
                .mapToObj(i -> DnsTargets.Target.of(1, weights[i], List.of(at("192.0.2." + i))))
                .toList());
    }

    private static InetSocketAddress at(String address) {
        try {
            return new InetSocketAddress(InetAddress.getByName(address), 5060);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static int[] firsts(DnsTargets targets, int size) {
        int[] count = new int[size];
        for (int draw = 0; draw < DRAWS; draw++) {
            count[
                    targets.order(draw, IpVersionPreference.ANY)
                            .get(0)
                            .getAddress()
                            .getAddress()[3]]++;
        }
        return count;
    }

    /** A target of weight 0 is selected by one of the numbers from 0 to the sum. */
    @ParameterizedTest
    @CsvSource({"60, 40, 60, 39", "1, 1, 66, 33", "99, 0, 99, 1", "0, 0, 50, 50", "65535, 65535, 50, 50"})
    void theFirstIsDrawnByWeight(int left, int right, int percentLeft, int percentRight) {
        int[] count = firsts(targets(left, right), 2);

        assertThat(100.0 * count[0] / DRAWS).isBetween(percentLeft - 1.5, percentLeft + 1.5);
        assertThat(100.0 * count[1] / DRAWS).isBetween(percentRight - 1.5, percentRight + 1.5);
    }

    @Test
    void theRestIsDrawnByWeightToo() {
        DnsTargets targets = targets(0, 100, 200, 700);
        int thirdBehindFourth = 0;
        int fourthFirst = 0;

        for (int draw = 0; draw < DRAWS; draw++) {
            List<InetSocketAddress> order = targets.order(draw, IpVersionPreference.ANY);
            assertThat(order).hasSize(4).doesNotHaveDuplicates();
            if (order.get(0).equals(at("192.0.2.3"))) {
                fourthFirst++;
                thirdBehindFourth += order.get(1).equals(at("192.0.2.2")) ? 1 : 0;
            }
        }

        assertThat(1.0 * fourthFirst / DRAWS).isBetween(0.68, 0.72);
        assertThat(1.0 * thirdBehindFourth / fourthFirst).isBetween(0.64, 0.69);
    }

    @Test
    void aSmallerPriorityStandsInFrontWhateverTheWeights() {
        DnsTargets targets = DnsTargets.of(List.of(
                DnsTargets.Target.of(2, 65535, List.of(at("192.0.2.2"))),
                DnsTargets.Target.of(1, 0, List.of(at("192.0.2.1")))));

        for (int draw = 0; draw < 1000; draw++) {
            assertThat(targets.order(draw, IpVersionPreference.ANY)).containsExactly(at("192.0.2.1"), at("192.0.2.2"));
        }
    }

    @Test
    void theAddressesOfATargetStandTogether() {
        DnsTargets targets = DnsTargets.of(List.of(
                DnsTargets.Target.of(1, 1, List.of(at("192.0.2.1"), at("192.0.2.2"))),
                DnsTargets.Target.of(1, 1, List.of(at("198.51.100.1"), at("198.51.100.2")))));

        for (int draw = 0; draw < 1000; draw++) {
            List<Integer> networks = new ArrayList<>();
            targets.order(draw, IpVersionPreference.ANY)
                    .forEach(one -> networks.add((int) one.getAddress().getAddress()[0]));
            assertThat(networks.get(0)).isEqualTo(networks.get(1)).isNotEqualTo(networks.get(2));
        }
    }

    @Test
    void targetsWithoutAddressAreNone() {
        assertThat(DnsTargets.of(List.of(DnsTargets.Target.of(1, 1, List.of()))).isEmpty())
                .isTrue();
        assertThat(DnsTargets.NONE.order(7, IpVersionPreference.ANY)).isEmpty();
    }

    @Test
    void theIpVersionIsChosenWithinEachTargetSoThatPrioritiesStayFirst() {
        DnsTargets targets = DnsTargets.of(List.of(
                DnsTargets.Target.of(1, 0, List.of(at("192.0.2.1"), at("2001:db8::1"), at("192.0.2.2"))),
                DnsTargets.Target.of(2, 0, List.of(at("2001:db8::3"), at("192.0.2.3")))));

        assertThat(targets.order(0, IpVersionPreference.IPV6_FIRST))
                .containsExactly(
                        at("2001:db8::1"), at("192.0.2.1"), at("192.0.2.2"), at("2001:db8::3"), at("192.0.2.3"));
        assertThat(targets.order(1, IpVersionPreference.IPV4_FIRST))
                .containsExactly(
                        at("192.0.2.2"), at("192.0.2.1"), at("2001:db8::1"), at("192.0.2.3"), at("2001:db8::3"));
        assertThat(targets.order(0, IpVersionPreference.IPV4))
                .containsExactly(at("192.0.2.1"), at("192.0.2.2"), at("192.0.2.3"));
        assertThat(targets.order(0, IpVersionPreference.IPV6)).containsExactly(at("2001:db8::1"), at("2001:db8::3"));
    }

    @Test
    void aNameWithOneAddressHasNoneOfTheOtherIpVersion() {
        DnsTargets targets = DnsTargets.of(List.of(DnsTargets.Target.of(1, 0, List.of(at("192.0.2.1")))));

        assertThat(targets.order(0, IpVersionPreference.IPV6)).isEmpty();
        assertThat(targets.order(0, IpVersionPreference.IPV6_FIRST)).containsExactly(at("192.0.2.1"));
    }
}
