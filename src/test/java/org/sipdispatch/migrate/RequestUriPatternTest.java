package org.sipdispatch.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The patterns of rules match the Request-URIs for which the script's comparison is true. */
class RequestUriPatternTest {
    private static boolean matches(String left, String operator, String right, boolean exact, String uri) {
        String pattern = RequestUriPattern.of(left, right, operator.equals("=="), exact);
        return Pattern.compile(pattern).matcher(uri).find();
    }

    @ParameterizedTest
    @CsvSource({
        "$rU,==,Support,sip:Support@a,true,true",
        "$rU,==,Support,sip:support@a,false,true",
        "$rU,==,Support,SIPS:Support@a,true,true",
        "$rU,==,Support,sip:Supporter@a,false,false",
        "$rd,==,a.example.com,sip:1@a.example.com,true,true",
        "$rd,==,a.example.com,sip:1@A.example.com;x=y,false,true",
        "$ru,==,sip:1@a,sip:1@a,true,true",
        "$ru,==,sip:1@a,sip:1@A,false,true",
        "uri,==,sip:1@a,sip:1@a:5060,false,false"
    })
    void equalityDistinguishesCaseInKamailioOnly(
            String left, String operator, String right, String uri, boolean kamailio, boolean opensips) {
        assertThat(matches(left, operator, right, true, uri)).isEqualTo(kamailio);
        assertThat(matches(left, operator, right, false, uri)).isEqualTo(opensips);
    }

    @ParameterizedTest
    @CsvSource({
        "=~,^SUP,sip:support@a,true",
        "=~,^00,tel:0049,true",
        "=~,^00,TEL:0049;phone-context=+49,true",
        "=~,^00,tel:49,false",
        "=~,00$,tel:4900;phone-context=1,true",
        "=~,00$,tel:4900,true",
        "=~,00$,tel:49001;x=00,false",
        "=~,9,tel:1;x=9,false",
        "=~,1.9,tel:1;9,false",
        "=~,1[^0]9,tel:1;9,false",
        "=~,1[^0]9,sip:1;9@a,true",
        "=~,^[+]49,tel:+491,true",
        "=~,1|2,tel:32;x=y,true",
        "=~,^00,sip:00@a,true",
        "==,+4930,tel:+4930,true",
        "==,+4930,tel:+4930;isub=1,true",
        "==,+4930,tel:+49301,false"
    })
    void theNumberOfATelUriIsTheUser(String operator, String right, String uri, boolean matches) {
        assertThat(matches("$rU", operator, right, true, uri)).isEqualTo(matches);
        assertThat(matches("$rU", operator, right, false, uri)).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource({
        "$rU,sip:a,true",
        "$rU,sip:1@a,false",
        "$rU,tel:+49,false",
        "$rd,tel:+49,true",
        "$rd,sip:a,false",
        "$rd,sip:1@NULL,false"
    })
    void aTelUriHasAUserAndNoDomain(String left, String uri, boolean matches) {
        assertThat(matches(left, "==", "$null", true, uri)).isEqualTo(matches);
        assertThat(matches(left, "==", "NULL", false, uri)).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource({"$rU,a;b", "$rU,a@b", "$rd,^a", "$rp,5060"})
    void whatDependsOnTheEndOfThePartHasNoPattern(String left, String right) {
        assertThat(RequestUriPattern.of(left, right, false, false)).isNull();
    }
}
