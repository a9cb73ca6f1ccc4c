package org.sipdispatch.observation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sipdispatch.limits.AnsweredCall;
import org.sipdispatch.limits.CallNews;
import org.sipdispatch.limits.LimitSettings;
import org.sipdispatch.limits.NodeLimits;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;
import org.sipdispatch.transaction.EventClock;
import org.sipdispatch.transaction.TimerWheel;

class EndingCallsTest {
    private final NodeLimits limits = NodeLimits.ofCluster(LimitSettings.NONE, 3, 0, 0);
    private final EndingCalls ending = new EndingCalls(new EventClock(() -> 0, 0), new TimerWheel(0), 32_000);
    private final List<Long> ended = new ArrayList<>();

    EndingCallsTest() {
        Destination limited = new Destination("default", 1, "sip:10.0.0.1", null, 1, 0, "maxcalls=5", "");
        limits.replace(List.of(SetView.of(new SetId("default", 1), List.of(new SetView.SetMember(limited, true)))), 0);
        limits.news().passTo(new CallNews.Receiver() {
            @Override
            public void told(AnsweredCall call, Runnable known) {
                known.run();
            }

            @Override
            public void answered(AnsweredCall call) {
                // These calls are those of other nodes.
            }

            @Override
            public void ended(long key) {
                ended.add(key);
            }
        });
    }

    /** Anyone can send BYEs of calls that other nodes might have. */
    @Test
    void theOldestOfTooManyEndsAtOnce() {
        for (long key = 0; key < EndingCalls.MOST; key++) {
            ending.add(key, limits.ofOtherNode(key));
        }
        assertThat(ended).isEmpty();

        ending.add(-1, limits.ofOtherNode(-1));

        assertThat(ended).containsExactly(0L);
    }
}
