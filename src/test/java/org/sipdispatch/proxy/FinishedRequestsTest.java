package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.STREAM;
import static org.sipdispatch.proxy.LaneFixture.address;
import static org.sipdispatch.proxy.LaneFixture.invite;
import static org.sipdispatch.proxy.LaneFixture.request;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sipdispatch.transaction.Flow;
import org.sipdispatch.transaction.SourceShares;

/** What a lane keeps of a request after its final response, and what it still does with it. */
class FinishedRequestsTest {
    private static final int MANY = 20;
    private static final long LONGER_THAN_KEPT_MS = 40_000;
    private static final String ACCEPTED = FinishedRequests.class.getName() + "$AcceptedInvite";
    private static final String ANSWERED = FinishedRequests.class.getName() + "$AnsweredRequest";
    private static final String PLACE = SourceShares.ResourceHolder.class.getName();

    private final LaneFixture fixture = LaneFixture.stateful().set(1, "sip:10.0.0.1");
    private int number;

    /** The first ones leave entries in caches. */
    @BeforeEach
    void warmUp() {
        call();
        message();
        refusedCall();
        fixture.passes(LONGER_THAN_KEPT_MS);
    }

    @Test
    void anAnsweredCallIsOneSmallObjectWithAPlaceInTheQuota() {
        assertThat(keptOfEach(this::call)).isEqualTo(Map.of(ACCEPTED, MANY, PLACE, MANY));

        fixture.passes(LONGER_THAN_KEPT_MS);
        assertThat(fixture.heldObjects()).doesNotContainKeys(ACCEPTED, PLACE);
    }

    @Test
    void anyOtherRequestAlsoKeepsItsResponse() {
        assertThat(keptOfEach(this::message)).isEqualTo(Map.of(ANSWERED, MANY, PLACE, MANY, "byte[]", MANY));

        fixture.passes(LONGER_THAN_KEPT_MS);
        assertThat(fixture.heldObjects()).doesNotContainKeys(ANSWERED, PLACE);
    }

    @Test
    void aRefusedCallKeepsNoParsedMessage() {
        Map<String, Integer> before = fixture.heldObjects();

        refusedCall();

        assertThat(HeldObjects.added(before, fixture.heldObjects()).keySet())
                .contains(ResponseContext.class.getName())
                .noneMatch(type -> type.startsWith("org.sipdispatch.sip."));
        fixture.passes(LONGER_THAN_KEPT_MS);
        assertThat(fixture.heldObjects()).isEqualTo(before);
    }

    @Test
    void eachFurther2xxOfTheDestinationIsForwarded() {
        fixture.callerSends(invite());
        fixture.destinationAnswers(200);
        fixture.sent();

        fixture.destinationAnswers(200);
        fixture.destinationAnswers(200, "X-Fork: 2");

        assertThat(fixture.sent()).containsExactly("200 to caller", "200 to caller");
        assertThat(fixture.last().line("X-Fork")).isEqualTo("X-Fork: 2");
    }

    @Test
    void otherResponsesAfterA2xxAreAbsorbed() {
        fixture.callerSends(invite());
        fixture.destinationAnswers(200);
        fixture.sent();

        fixture.destinationAnswers(183);
        fixture.destinationAnswers(486);

        assertThat(fixture.sent()).isEmpty();
    }

    @Test
    void aLateCancelIsAnsweredAndChangesNothing() {
        fixture.callerSends(invite());
        fixture.destinationAnswers(200);
        fixture.sent();

        fixture.callerSends(request("CANCEL"));

        assertThat(fixture.sent()).containsExactly("200 to caller");
    }

    @Test
    void aFurther2xxTakesTheConnectionOfTheLastRetransmission() {
        String overTcp = invite().replace("/UDP", "/TCP");
        fixture.callerSendsOnStream(overTcp, 7);
        fixture.destinationAnswers(200);

        fixture.callerSendsOnStream(overTcp, 8);
        fixture.destinationAnswers(200);
        assertThat(fixture.lastTo("caller").connection()).isEqualTo(8);

        fixture.arrives(overTcp, new Flow(STREAM, address("192.0.2.66:33000"), 9));
        fixture.destinationAnswers(200);
        assertThat(fixture.lastTo("caller").connection()).isEqualTo(8);
    }

    @Test
    void aResponseIsRepeatedOnTheConnectionOfTheRetransmission() {
        String overTcp = request("MESSAGE").replace("/UDP", "/TCP");
        fixture.callerSendsOnStream(overTcp, 7);
        fixture.destinationAnswers(202);
        fixture.sent();

        fixture.callerSendsOnStream(overTcp, 8);

        assertThat(fixture.sent()).hasSize(1);
        assertThat(fixture.last().startLine()).startsWith("SIP/2.0 202");
        assertThat(fixture.last().connection()).isEqualTo(8);
    }

    /** What is kept of {@value #MANY} requests; the first one also leaves what they share. */
    private Map<String, Integer> keptOfEach(Runnable request) {
        request.run();
        Map<String, Integer> before = fixture.heldObjects();
        for (int i = 0; i < MANY; i++) {
            request.run();
        }
        return HeldObjects.added(before, fixture.heldObjects());
    }

    private void call() {
        String id = "finished" + ++number;
        fixture.callerSends(of(id, invite()));
        String route = fixture.lastOf("INVITE").line("Record-Route").replace("Record-Route", "Route");
        fixture.destinationAnswers(180);
        fixture.destinationAnswers(200);
        for (String method : List.of("ACK", "BYE")) {
            fixture.callerSends(
                    of(id, LaneFixture.inDialog(method, route)).replace("@example.com SIP", "@10.0.0.1 SIP"));
        }
        fixture.destinationAnswers(200);
        assertThat(fixture.sent()).endsWith("200 to caller", "ACK to d1", "BYE to d1", "200 to caller");
    }

    private void message() {
        fixture.callerSends(of("finished" + ++number, request("MESSAGE")));
        fixture.destinationAnswers(200);
        assertThat(fixture.sent()).containsExactly("MESSAGE to d1", "200 to caller");
    }

    private void refusedCall() {
        String id = "finished" + ++number;
        fixture.callerSends(of(id, invite()));
        fixture.destinationAnswers(603);
        fixture.callerSends(of(id, LaneFixture.ack(fixture.lastTo("caller"))));
        assertThat(fixture.sent()).containsExactly("100 to caller", "INVITE to d1", "ACK to d1", "603 to caller");
    }

    private static String of(String id, String text) {
        return text.replace("z9hG4bKc1", "z9hG4bK" + id)
                .replace("z9hG4bKdialog", "z9hG4bK" + id)
                .replace("Call-ID: c1@", "Call-ID: " + id + "@");
    }
}
