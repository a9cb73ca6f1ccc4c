package org.sipdispatch.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

class RepeatedKeyCheckTest {
    /** Checks that the library reads the text too. */
    private static List<String> found(String text) {
        assertThat(ConfigFactory.parseString(text)).isNotNull();
        return RepeatedKeyCheck.of("my.conf", text).stream()
                .map(CheckFinding::toString)
                .toList();
    }

    private static String warning(int line, String key, int before) {
        return "my.conf:" + line + ": warning: " + key + ": set twice, so that the value of line " + before
                + " is not used (expected: one value, or += to add to a list)";
    }

    @Test
    void aSecondListOfRulesIsReportedOnceWithBothLines() {
        assertThat(found("""
                sip-dispatcher {
                  rules = [ { select { set = 1, alg = 4 } } ]   # rules = [ ]
                  relay { t1 = 500ms }
                  // rules = [ ]
                  rules = [
                    { select { set = 2, alg = 4 } }
                  ]
                }
                """)).containsExactly(warning(5, "rules", 2));
    }

    @Test
    void aKeyThatIsSetTwiceWithinABlockOrByItsPathIsReported() {
        assertThat(found("""
                sip-dispatcher.relay.t1 = 1s
                sip-dispatcher {
                  "rules" : [ { select { set = 1, alg = 4, alg = 6 } }, { select { set = 1, alg = 4 } } ]
                  relay { t1 = 2s, ruri = "a,}\\"b # c" }
                  text = \"\"\"x = 1
                  x = 2 { \"\"\"
                }
                """)).containsExactly(warning(3, "rules[0].select.alg", 3), warning(4, "relay.t1", 1));
    }

    @Test
    void mergedBlocksEqualValuesAdditionsAndSubstitutionsAreNotReported() {
        assertThat(found("""
                { sip-dispatcher {
                  relay { t1 = 1s }
                  relay { t2 = 2s
                    t1 = 1s }
                  rules = [ { a = 1 } ], rules += { a = 2 }
                  rules = ${sip-dispatcher.rules} [ { a = 3 } ]
                  data-dir = x
                  data-dir = ${?DATA}
                } }
                """)).isEmpty();
    }

    @Test
    void aTextThatEndsTooEarlyIsReadAsFarAsItGoes() {
        for (String text :
                List.of("a = \"b", "a { b = [ ", "a = ${b", "a = \"\"\"b", "a", "a +", "a = \"\\", "]", "")) {
            assertThat(RepeatedKeyCheck.of("my.conf", text)).isEmpty();
        }
    }
}
