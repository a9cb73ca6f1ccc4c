package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.MAIN;
import static org.sipdispatch.proxy.LaneFixture.request;
import static org.sipdispatch.proxy.LaneFixture.response;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.sipdispatch.transaction.Flow;

/** Which lane processes which message. */
class LanesTest {
    private final List<LaneFixture> lanes =
            IntStream.range(0, 4).mapToObj(i -> LaneFixture.oneOf(4, i)).toList();

    @Test
    void allLanesAgreeOnTheOwnerOfACall() {
        for (int call = 0; call < 50; call++) {
            String request =
                    request("MESSAGE").replace("c1@", "call-" + call + "@").replace("z9hG4bKc1", "z9hG4bKc" + call);

            lanes.forEach(lane -> lane.callerSends(request));

            List<LaneFixture> takers =
                    lanes.stream().filter(lane -> !lane.sent().isEmpty()).toList();
            assertThat(takers).hasSize(1);
            int owner = lanes.indexOf(takers.get(0));
            for (LaneFixture lane : lanes) {
                if (lane != takers.get(0)) {
                    assertThat(lane.handedOver).containsExactly(new LaneFixture.HandedOver(owner, request));
                    lane.handedOver.clear();
                }
            }
        }
    }

    @Test
    void callsAreSpreadOverAllLanes() {
        Set<Integer> owners = new HashSet<>();
        for (int call = 0; call < 50; call++) {
            lanes.get(0).callerSends(request("MESSAGE").replace("c1@", "call-" + call + "@"));
        }
        lanes.get(0).handedOver.forEach(message -> owners.add(message.lane()));

        assertThat(owners).containsExactlyInAnyOrder(1, 2, 3);
        assertThat(lanes.get(0).sent()).isNotEmpty();
    }

    @Test
    void aResponseGoesToTheLaneInItsBranch() {
        LaneFixture owner = lanes.stream()
                .filter(lane -> {
                    lane.callerSends(request("MESSAGE"));
                    return !lane.sent().isEmpty();
                })
                .findFirst()
                .orElseThrow();
        LaneFixture other = lanes.get((lanes.indexOf(owner) + 1) % 4);
        String response = response(owner.last().message(), 200);
        other.handedOver.clear();

        other.arrives(response, new Flow(MAIN, owner.last().to(), 0));
        assertThat(other.handedOver).containsExactly(new LaneFixture.HandedOver(lanes.indexOf(owner), response));

        owner.arrives(response, new Flow(MAIN, owner.last().to(), 0));
        assertThat(owner.sent()).containsExactly("200 to caller");
    }

    @Test
    void aResponseToALaneThatThereIsNoMoreIsForwardedHere() {
        LaneFixture many = LaneFixture.oneOf(1, 0);
        LaneFixture owner = lanes.stream()
                .filter(lane -> {
                    lane.callerSends(request("MESSAGE"));
                    return !lane.sent().isEmpty();
                })
                .findFirst()
                .orElseThrow();

        many.arrives(
                response(owner.last().message(), 200),
                new Flow(MAIN, owner.last().to(), 0));

        assertThat(many.sent()).containsExactly("200 to caller");
    }
}
