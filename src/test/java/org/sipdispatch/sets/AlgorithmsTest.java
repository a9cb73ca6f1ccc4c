package org.sipdispatch.sets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.sets.Algorithm.CALL_ID;
import static org.sipdispatch.sets.Algorithm.PRIORITY;
import static org.sipdispatch.sets.Algorithm.ROUND_ROBIN;
import static org.sipdispatch.sets.Algorithm.SMOOTH_ROUND_ROBIN;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipdispatch.sip.Ascii;

/** The examples in the documentation of each algorithm. */
class AlgorithmsTest {
    @ParameterizedTest
    @CsvSource({
        "0, CALL_ID",
        "1, FROM_URI",
        "2, TO_URI",
        "3, REQUEST_URI",
        "4, ROUND_ROBIN",
        "5, AUTH_USER",
        "6, RANDOM",
        "7, HASH_PVAR",
        "8, PRIORITY",
        "' 4 ', ROUND_ROBIN",
        "Smooth-Round-Robin, SMOOTH_ROUND_ROBIN",
        "rendezvous, RENDEZVOUS",
        "call-id, CALL_ID",
        "9, FIGURE",
        "10, ROUTE",
        "figure, FIGURE",
        "11,",
        "-1,",
        "'',",
        "nothing,"
    })
    void numbersAndNamesAreKnown(String text, Algorithm algorithm) {
        assertThat(Algorithm.of(text)).isEqualTo(algorithm);
    }

    @ParameterizedTest
    @CsvSource({
        "'1,1,1', '', '', abcabc",
        "'5,1,3', '', '', aaaaabccca",
        "'2,0,1', '', '', aabcaabc",
        "'5,1,3', b, '', aaaaacccaaaaa",
        "'0,0,0', '', '', bcabca",
        "'1,1,1', '', D, abab",
        "'1,1,1', ab, D, ccc",
        "'1,1,1', abc, D, ''"
    })
    void roundRobinServesInRuns(String weights, String down, String flags, String picks) {
        assertThat(run(weights, down, ROUND_ROBIN, flags, picks)).isEqualTo(picks);
    }

    @ParameterizedTest
    @CsvSource({
        "'5,1,1', '', '', aabacaa",
        "'2,1', '', '', abaaba",
        "'1,1,1', '', '', abcabc",
        "'0,0', '', '', abab",
        "'2,0,1', '', '', acaaca",
        "'5,1,1', a, '', bcbc",
        "'2,1,9', '', D, abaaba",
        "'2,1,9', ab, D, cc"
    })
    void smoothRoundRobinInterleaves(String weights, String down, String flags, String picks) {
        assertThat(run(weights, down, SMOOTH_ROUND_ROBIN, flags, picks)).isEqualTo(picks);
    }

    @ParameterizedTest
    @CsvSource({"'', aaa", "a, bbb", "ab, ccc", "abc, ''"})
    void priorityTakesTheFirstUsable(String down, String picks) {
        assertThat(run("1,1,1", down, PRIORITY, "", picks)).isEqualTo(picks);
    }

    @Test
    void hashesWalkOverTheWeights() {
        SetView view = Views.of(5, 3, 2);

        String picks = String.join(
                "",
                IntStream.range(0, 20)
                        .mapToObj(hash -> Views.select(view, new RoundRobinState(3), CALL_ID, hash, ""))
                        .toList());

        assertThat(picks).isEqualTo("aaaaabbbccaaaaabbbcc");
    }

    @Test
    void aHashIsUnsigned() {
        assertThat(Views.select(Views.of(1, 1, 1), new RoundRobinState(3), CALL_ID, -1, ""))
                .isEqualTo("a");
        assertThat(0xffffffffL % 3).isZero();
    }

    @ParameterizedTest
    @CsvSource({"F, cdeab", "FD, cdabe", "FM3, cde", "FM1, c", "FDM2, cde", "'', c", "D, c"})
    void failoverGoesAroundTheRing(String flags, String order) {
        SetView view = Views.of(1, 1, 1, 1, 1);
        int hash = flags.contains("D") ? 2 : 7;

        assertThat(Views.select(view, new RoundRobinState(5), CALL_ID, hash, flags))
                .isEqualTo(order);
    }

    @Test
    void aReserveThatIsDownIsNotListed() {
        assertThat(Views.select(Views.without("c", 1, 1, 1), new RoundRobinState(3), PRIORITY, 0, "FD"))
                .isEqualTo("ab");
    }

    @Test
    void membersStandByPriorityAndThenInTheOrderOfTheirRows() {
        List<SetView.SetMember> rows = List.of(
                new SetView.SetMember(Views.destination("r1", 1, 0), true),
                new SetView.SetMember(Views.destination("r2", 1, 5), true),
                new SetView.SetMember(Views.destination("r3", 1, 0), true),
                new SetView.SetMember(Views.destination("r4", 1, 5), true));

        SetView view = SetView.of(Views.ID, rows);

        assertThat(IntStream.range(0, 4).mapToObj(i -> view.member(i).description()))
                .containsExactly("r2", "r4", "r1", "r3");
    }

    @ParameterizedTest
    @CsvSource({
        "a, 109",
        "ab, 27998",
        "abc, 7167810",
        "abcd, 1834959896",
        "abcde, 1834960001",
        "alice, 1834153949",
        "0, 54",
        "'', 1",
        "1-1234@127.0.0.1, 3437451093",
        "call-1@10.0.0.1, 3458662117",
        "call-2@10.0.0.1, 3458440798",
        "call-3@10.0.0.1, 3458514571",
        "3848276298220188511@atlanta.example.com, 3416024093",
        "f81d4fae-7dec-11d0-a765-00a0c91e6bf6@foo.bar.com, 1180737664",
        "été@x, 3145076102"
    })
    void hashesAreThoseOfOpensips(String key, long hash) {
        byte[] bytes = Ascii.bytes(key);

        assertThat(Integer.toUnsignedLong(new OpensipsHash(true, null)
                        .begin()
                        .add(bytes, 0, bytes.length)
                        .value()))
                .isEqualTo(hash);
    }

    @Test
    void unsignedBytesHashAsOnArm() {
        byte[] bytes = Ascii.bytes("été@x");

        assertThat(Integer.toUnsignedLong(new OpensipsHash(false, null)
                        .begin()
                        .add(bytes, 0, bytes.length)
                        .value()))
                .isEqualTo(3703258217L);
    }

    @ParameterizedTest
    @CsvSource({
        "1-1234@127.0.0.1, a, a, g, c, c",
        "call-1@10.0.0.1, b, b, b, b, b",
        "call-2@10.0.0.1, b, c, b, b, c",
        "call-3@10.0.0.1, b, a, b, b, b",
        "3848276298220188511@atlanta.example.com, c, a, g, c, c",
        "f81d4fae-7dec-11d0-a765-00a0c91e6bf6@foo.bar.com, b, a, b, b, c"
    })
    void callIdPicksAreThoseOfOpensips(
            String callId, String equal, String weighted, String seven, String equalDown, String weightedDown) {
        int hash = (int) key().ofText(callId);

        assertThat(pick(Views.of(1, 1, 1), hash)).isEqualTo(equal);
        assertThat(pick(Views.of(5, 3, 2), hash)).isEqualTo(weighted);
        assertThat(pick(Views.of(1, 1, 1, 1, 1, 1, 1), hash)).isEqualTo(seven);
        assertThat(pick(Views.without("a", 1, 1, 1), hash)).isEqualTo(equalDown);
        assertThat(pick(Views.without("a", 5, 3, 2), hash)).isEqualTo(weightedDown);
    }

    @ParameterizedTest
    @CsvSource({
        "sip:alice@example.com, 1442294598",
        "sip:alice@example.com:5060, 1442294598",
        "sips:alice@example.com:5061, 1442294598",
        "sip:alice@example.com:5061;transport=tls, 1442294598",
        "sip:alice:secret@example.com, 1442294598",
        "sip:alice@example.com:5070, 4164596482",
        "sips:alice@example.com:5060, 4164596258",
        "sip:alice@example.com:5060;transport=tls, 4164596258",
        "sip:example.com, 3905729897",
        "sip:example.com:5070, 2330442532",
        "tel:+15551234, 1644000819",
        "sip:+1555;phone-context=x@example.com;user=phone, 2249073584",
        "sip:bob@[2001:db8::1]:5070, 499091971",
        "sip:bob@[2001:db8::1], 3342622109",
        "sip:Alice@EXAMPLE.com, 4061121688"
    })
    void uriHashesAreThoseOfOpensips(String uri, long hash) {
        assertThat(key().ofUri(org.sipdispatch.sip.SipUri.parse(uri), false)).isEqualTo(hash);
    }

    @ParameterizedTest
    @CsvSource({"sip:alice@example.com:5070, 1834153949", "sip:example.com, 1"})
    void flagULeavesTheHostOut(String uri, long hash) {
        assertThat(key().ofUri(org.sipdispatch.sip.SipUri.parse(uri), true)).isEqualTo(hash);
    }

    @Test
    void surroundingBlanksDoNotCount() {
        assertThat(key().ofText("  spaced@x  ")).isEqualTo(3876277170L);
        assertThat(key().ofText("  ")).isEqualTo(SelectionKey.MISSING);
    }

    private static SelectionKey key() {
        return new SelectionKey(true, java.util.Set.of("udp", "tcp", "tls"));
    }

    @Test
    void randomNumbersPickByWeight() {
        SetView view = Views.of(5, 3, 2);

        String picks = IntStream.range(0, 10)
                .mapToObj(number -> Views.select(view, new RoundRobinState(view.size()), Algorithm.RANDOM, number, ""))
                .collect(Collectors.joining());

        assertThat(picks).isEqualTo("aaaaabbbcc");
    }

    private static String pick(SetView view, int hash) {
        return Views.select(view, new RoundRobinState(view.size()), CALL_ID, hash, "");
    }

    private static String run(String weights, String down, Algorithm algorithm, String flags, String picks) {
        int[] numbers = java.util.Arrays.stream(weights.split(","))
                .mapToInt(Integer::parseInt)
                .toArray();
        return String.join(
                "", Views.picks(Views.without(down, numbers), algorithm, flags, Math.max(1, picks.length())));
    }
}
