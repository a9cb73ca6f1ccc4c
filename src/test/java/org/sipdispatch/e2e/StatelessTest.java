package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatelessTest {
    private static final int CALLS = 30;

    private static Stage stage;

    @BeforeAll
    static void open() {
        stage = Stage.open();
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sip:stateless4@dispatcher", "sip:stateless6@dispatcher"})
    void allOfATransactionReachesOneDestination(String uri) {
        Set<TestUserAgent> all = new HashSet<>();

        for (int i = 0; i < CALLS; i++) {
            Call call = stage.call(uri);
            TestUserAgent taker = stage.reached(call, "INVITE");
            Call other = stage.call(uri);
            TestUserAgent takerOfOther = stage.reached(other, "INVITE");

            call.repeat();
            Call.answer(taker, call.at(taker, "INVITE"), 180);
            call.response(180);
            call.cancel();
            call.at(taker, "CANCEL");
            call.repeat();
            Call.answer(taker, call.at(taker, "INVITE"), 487);
            call.endsWith(487);
            call.at(taker, "ACK");
            other.cancel();
            other.at(takerOfOther, "CANCEL");
            all.add(taker);
            all.add(takerOfOther);
        }

        assertThat(all).containsExactlyInAnyOrder(stage.first, stage.second);
    }
}
