package org.sipdispatch.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows and values of a Kamailio list, and those that are not carried over. */
class KamailioListTest {
    private static KamailioList.Converted convert(String list) {
        return KamailioList.convert("a.list", list, "dispatcher");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " because ",
            value = {
                "1 sip:192.0.2.1 0 0 weight=5x because weight=5x is not a whole number from 0 to 65535",
                "1 sip:192.0.2.1 0 0 weight=70000 because weight=70000 is not a whole number from 0 to 65535",
                "1 sip:192.0.2.1 0 0 weight because weight is not a whole number from 0 to 65535",
                "1 sip:192.0.2.1 0 0 rweight=-1 because rweight=-1 is not a whole number from 0 to 65535",
                "1 sip:192.0.2.1 AP 0 because the flags are not a number",
                "1 sip:192.0.2.1 0 high because priorities are 0 to 65535",
                "1 sip:192.0.2.1;transport=ws because only UDP, TCP and TLS are supported"
            })
    void aRowWithAValueThatCannotBeUsedIsCountedAndNamed(String row, String why) {
        KamailioList.Converted converted = convert("# a list\n" + row + "\n2 sip:192.0.2.9\n");

        assertThat(converted.counted()).isEqualTo("1 of 2 rows usable");
        assertThat(converted.left()).containsExactly(new KamailioList.LeftOut("a.list line 2: " + row, why, true));
        assertThat(converted.list()).contains("# not carried over: a.list line 2: " + row + ", because " + why + "\n");
        assertThat(converted.sql()).contains("-- not carried over: a.list line 2: ");
        assertThat(converted.isWhole()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " leaves ",
            value = {
                "0 0 socket=wss:192.0.2.5:5061 leaves socket=wss:192.0.2.5:5061",
                "0 0 socket=sctp:192.0.2.5:5060 leaves socket=sctp:192.0.2.5:5060",
                "0 0 sockname=;weight=1 leaves sockname",
                "0 0 socket=udp:192.0.2.5;sockname=a leaves socket=udp:192.0.2.5",
                "0 0 ping_from=nobody leaves ping_from=nobody",
                "0 0 weight=2;weight=3 leaves weight=2",
                "0 0 obproxy=sip:192.0.2.8 leaves obproxy=sip:192.0.2.8",
                "0 0 duid=a b leaves \"b\"",
                "2 0 duid=a leaves flag 2",
                "64 0 duid=a leaves flags 64"
            })
    void aValueThatCannotBeUsedIsCountedAndNamed(String fields, String what) {
        KamailioList.Converted converted = convert("1 sip:192.0.2.1 " + fields + "\n");

        assertThat(converted.counted()).isEqualTo("1 of 1 row usable, 1 value not carried over");
        assertThat(converted.list())
                .contains("# not carried over: a.list line 1: " + what + " of sip:192.0.2.1, because ");
        assertThat(converted.isWhole()).isFalse();
    }

    @Test
    void theAttributesOfTheAlgorithmsByLoadAreKept() {
        KamailioList.Converted converted =
                convert("1 sip:192.0.2.1 0 30 weight=50;rweight=20;cc=1;maxload=9;latency=10\n");

        assertThat(converted.isWhole()).isTrue();
        assertThat(converted.list()).contains("1 sip:192.0.2.1 0 30 weight=50;rweight=20;cc=1;maxload=9;latency=10\n");
        assertThat(converted.sql()).contains("'50', 30, 'rweight=20;cc=1;maxload=9;latency=10'");
    }

    @Test
    void aListWithValuesThatAllCountIsWhole() {
        KamailioList.Converted converted =
                convert("1 sip:192.0.2.1 8 10 duid=a;weight=5;socket=udp:192.0.2.5:5060;ping_from=sip:a@b.example\n"
                        + "1 sip:192.0.2.2 0 0 rweight=7;sockname=main;color=blue\n"
                        + "1 sip:192.0.2.3;transport=tls 0 0 socket=tls:192.0.2.5:5061\n");

        assertThat(converted.isWhole()).isTrue();
        assertThat(converted.counted()).isEqualTo("3 of 3 rows usable");
        assertThat(converted.list()).contains("socket=udp:192.0.2.5:5060", "socket=tls:192.0.2.5:5061");
        assertThat(converted.sql()).contains("'tls:192.0.2.5:5061'");
    }

    @Test
    void theCommentOfAGroupStaysAboveTheGroup() {
        String list = convert(
                        "# gateways\n\n# east\n1 sip:192.0.2.1\n1 sip:192.0.2.2\n# west\n1 sip:192.0.2.3\n1 sip:192.0.2.4\n")
                .list();

        assertThat(list.lines().map(line -> line.replaceAll("1 sip:192.0.2.(.) 0 0", "$1")))
                .endsWith("# west", "4", "3", "# east", "2", "1", "");
    }

    /** Each row with the comments above it; those at the top, and rows of other sets and priorities, stay. */
    @Test
    void rowsOfTheSamePriorityAreInReverse() {
        String list = convert("""
                # gateways
                1 sip:192.0.2.1 0 5
                1 sip:192.0.2.2 0 9
                2 sip:192.0.2.3 0 5
                # the new one
                1 sip:192.0.2.4 0 5

                # the newest one
                1 sip:192.0.2.5 0 5
                """).list();

        assertThat(list).isEqualTo("""
                # setid  sip-uri  flags  priority  attrs
                # gateways
                # the newest one
                1 sip:192.0.2.5 0 5
                1 sip:192.0.2.2 0 9
                2 sip:192.0.2.3 0 5
                # the new one
                1 sip:192.0.2.4 0 5

                1 sip:192.0.2.1 0 5

                """);
    }
}
