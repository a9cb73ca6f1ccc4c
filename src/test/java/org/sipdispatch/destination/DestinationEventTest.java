package org.sipdispatch.destination;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DestinationEventTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ACTIVE   | false | PROBING  | false | probe          | no reply | is Probing, was Active, by probe: no reply
            ACTIVE   | false | ACTIVE   | true  | probe          | 503      | is Active and busy, was Active, by probe: 503
            PROBING  | false | INACTIVE | false | ann@127.0.0.1  | ''       | is Inactive, was Probing, by ann@127.0.0.1
            INACTIVE | true  | ACTIVE   | false | table          | 'a\tb'   | is Active, was Inactive and busy, by table: a?b
            """)
    void theLogHasASentenceForPeople(
            DestinationState from,
            boolean fromBusy,
            DestinationState to,
            boolean toBusy,
            String who,
            String why,
            String expected) {
        DestinationEvent event = new DestinationEvent(
                "default:1:sip:gw1.example.com",
                "default",
                1,
                "sip:gw1.example.com",
                from,
                fromBusy,
                to,
                toBusy,
                who,
                why,
                1,
                new StatusVersion(1, 2, 3));

        assertThat(event.sentence()).isEqualTo("destination default:1:sip:gw1.example.com " + expected);
    }
}
