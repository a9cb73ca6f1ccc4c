package org.sipdispatch.sets;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetAddressesTest {
    private static final int DRAWS = 100_000;

    /** The address of host N in the list is 192.0.2.N. */
    private static TargetAddresses targets(int... weights) {
        return TargetAddresses.of(IntStream.range(0, weights.length)
                .mapToObj(i -> new Target(at("192.0.2." + i), "host" + i, 1, weights[i]))
                .toList());
    }

    private static List<Target> host(String name, int priority, int weight, String... addresses) {
        return Stream.of(addresses)
                .map(address -> new Target(at(address), name, priority, weight))
                .toList();
    }

    private static TargetAddresses targets(List<Target> one, List<Target> other) {
        return TargetAddresses.of(Stream.concat(one.stream(), other.stream()).toList());
    }

    private static InetSocketAddress at(String address) {
        try {
            return new InetSocketAddress(InetAddress.getByName(address), 5060);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static int[] firsts(TargetAddresses targets, int size) {
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

    /** A host of weight 0 is selected by one of the numbers from 0 to the sum. */
    @ParameterizedTest
    @CsvSource({"60, 40, 60, 40", "1, 1, 50, 50", "99, 0, 99, 1", "0, 0, 50, 50", "65535, 65535, 50, 50", "1, 3, 25, 75"
    })
    void theFirstIsDrawnByWeight(int left, int right, int percentLeft, int percentRight) {
        int[] count = firsts(targets(left, right), 2);

        assertThat(100.0 * count[0] / DRAWS).isBetween(percentLeft - 1.0, percentLeft + 1.0);
        assertThat(100.0 * count[1] / DRAWS).isBetween(percentRight - 1.0, percentRight + 1.0);
    }

    @Test
    void theRestIsDrawnByWeightToo() {
        TargetAddresses targets = targets(0, 100, 200, 700);
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
    void aSmallerPriorityIsFirstRegardlessOfTheWeights() {
        TargetAddresses targets = targets(host("b", 2, 65535, "192.0.2.2"), host("a", 1, 0, "192.0.2.1"));

        for (int draw = 0; draw < 1000; draw++) {
            assertThat(targets.order(draw, IpVersionPreference.ANY)).containsExactly(at("192.0.2.1"), at("192.0.2.2"));
        }
    }

    @Test
    void theAddressesOfAHostAreNextToEachOther() {
        TargetAddresses targets =
                targets(host("a", 1, 1, "192.0.2.1", "192.0.2.2"), host("b", 1, 1, "198.51.100.1", "198.51.100.2"));

        for (int draw = 0; draw < 1000; draw++) {
            List<Integer> networks = new ArrayList<>();
            targets.order(draw, IpVersionPreference.ANY)
                    .forEach(one -> networks.add((int) one.getAddress().getAddress()[0]));
            assertThat(networks.get(0)).isEqualTo(networks.get(1)).isNotEqualTo(networks.get(2));
        }
    }

    @Test
    void aHostWithSeveralAddressesHasItsWeightOnce() {
        TargetAddresses targets =
                targets(host("a", 1, 10, "192.0.2.0", "192.0.2.1", "192.0.2.2"), host("b", 1, 30, "192.0.2.3"));

        int[] count = firsts(targets, 4);

        assertThat(100.0 * count[3] / DRAWS).isBetween(74.0, 76.0);
        for (int i = 0; i < 3; i++) {
            assertThat(100.0 * count[i] / DRAWS).isBetween(7.8, 8.9);
        }
    }

    @Test
    void theOrderOfTheRecordsChangesNothing() {
        List<Target> records = Stream.concat(
                        host("a", 1, 10, "192.0.2.1", "192.0.2.2").stream(),
                        host("b", 1, 20, "192.0.2.3", "2001:db8::3").stream())
                .toList();
        List<Target> reversed = new ArrayList<>(records);
        java.util.Collections.reverse(reversed);

        for (int draw = 0; draw < 1000; draw++) {
            assertThat(TargetAddresses.of(reversed).order(draw, IpVersionPreference.ANY))
                    .isEqualTo(TargetAddresses.of(records).order(draw, IpVersionPreference.ANY));
        }
    }

    @Test
    void withoutTargetsThereIsNoAddress() {
        TargetAddresses none = TargetAddresses.of(List.of());

        assertThat(none.isEmpty()).isTrue();
        assertThat(none.order(7, IpVersionPreference.ANY)).isEmpty();
        assertThat(none.order(7, IpVersionPreference.IPV4)).isEmpty();
    }

    @Test
    void theIpVersionIsChosenWithinEachHostSoThatPrioritiesStayFirst() {
        TargetAddresses targets = targets(
                host("a", 1, 0, "192.0.2.1", "2001:db8::1", "192.0.2.2"), host("b", 2, 0, "2001:db8::3", "192.0.2.3"));

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
        TargetAddresses targets = TargetAddresses.of(host("a", 1, 0, "192.0.2.1"));

        assertThat(targets.order(0, IpVersionPreference.IPV6)).isEmpty();
        assertThat(targets.order(0, IpVersionPreference.IPV6_FIRST)).containsExactly(at("192.0.2.1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1:5060", "[2001:db8::1]:5061", "[::1]:65535", "192.0.2.1:5061;transport=tls"})
    void theNameOfATargetIsItsAddress(String name) {
        assertThat(Target.name(Target.address(name), Target.transport(name))).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "192.0.2.1", "192.0.2.1:", "192.0.2.1:65536", "gw.example.com:5060", "192.0.2.1:-1", "x"})
    void otherTextsAreNoNameOfATarget(String text) {
        assertThat(Target.address(text)).isNull();
    }
}
