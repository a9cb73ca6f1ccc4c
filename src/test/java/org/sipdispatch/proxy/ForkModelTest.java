package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.CALLER;
import static org.sipdispatch.proxy.LaneFixture.MAIN;
import static org.sipdispatch.proxy.LaneFixture.address;
import static org.sipdispatch.proxy.LaneFixture.request;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.sipdispatch.destination.Observation;
import org.sipdispatch.transaction.Flow;

/**
 * Parallel forking to one to six destinations compared with {@link ForkModel}: any order of responses, a CANCEL of the
 * caller at any time, lost, late and repeated messages.
 */
class ForkModelTest {
    private static final int MOST = 6;
    private static final List<Integer> CODES =
            List.of(100, 180, 183, 200, 302, 401, 404, 407, 408, 415, 486, 487, 500, 503, 600, 603);
    /** Multiples of a tick, of which no few add up to a timer. */
    private static final List<Integer> STEPS_MS = List.of(740, 2_300, 40_000, 200_000);

    /** Less than T1. */
    private static final int STEP_MS = 400;

    private static final String RULE = "rules = [ { select { set = 1, alg = parallel } } ]";

    private sealed interface Event {}

    private record Response(int leg, int code) implements Event {}

    private record Cancel() implements Event {}

    private record Wait(int ms) implements Event {}

    @Provide
    static Arbitrary<Event> events() {
        Arbitrary<Event> responses = Combinators.combine(
                        Arbitraries.integers().between(0, MOST - 1), Arbitraries.of(CODES))
                .as(Response::new);
        Arbitrary<Event> waits = Arbitraries.of(STEPS_MS).map(Wait::new);
        return Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(12, responses),
                net.jqwik.api.Tuple.of(1, Arbitraries.just(new Cancel())),
                net.jqwik.api.Tuple.of(4, waits));
    }

    @Property(tries = 400)
    void aCallForksAsSection16Says(
            @ForAll @IntRange(min = 1, max = MOST) int destinations,
            @ForAll @Size(max = 16) List<@net.jqwik.api.From("events") Event> events) {
        new Run("INVITE", destinations).all(events);
    }

    @Property(tries = 150)
    void soDoesAnotherRequest(
            @ForAll @IntRange(min = 1, max = MOST) int destinations,
            @ForAll @Size(max = 16) List<@net.jqwik.api.From("events") Event> events) {
        new Run("MESSAGE", destinations).all(events);
    }

    /** One request through a real lane, and through the model. */
    private static final class Run {
        private final LaneFixture fixture = LaneFixture.stateful(RULE, "relay.suspect-own-path = off");
        private final String method;
        private final int destinations;
        private final ForkModel model;
        private final List<LaneFixture.Sent> requests = new ArrayList<>();
        private final List<String> toCaller = new ArrayList<>();
        private final Set<String> cancelled = new TreeSet<>();
        /** The realms of the challenges that the caller has got; null for none. */
        private List<String> challenge;

        private int seen;
        private long nowMs;

        Run(String method, int destinations) {
            this.method = method;
            this.destinations = destinations;
            model = new ForkModel(method.equals("INVITE"), destinations);
            fixture.set(
                    1,
                    IntStream.rangeClosed(1, destinations)
                            .mapToObj(i -> "sip:10.0.0." + i)
                            .toArray(String[]::new));
        }

        void all(List<Event> events) {
            fixture.callerSends(request(method));
            IntStream.rangeClosed(1, destinations).forEach(i -> requests.add(fixture.firstTo("d" + i)));
            assertThat(requests).allMatch(one -> one.isRequest(method));
            assertThat(requests.stream().map(one -> one.line("Via"))).doesNotHaveDuplicates();
            check();
            events.forEach(this::happens);
            happens(new Wait(STEPS_MS.get(3)));
            happens(new Wait(STEPS_MS.get(3)));
            assertThat(silent()).isEqualTo(model.silent());
            assertThat(fixture.transactions()).isZero();
            IntStream.rangeClosed(1, destinations)
                    .forEach(i -> assertThat(fixture.counters.ringing("default:1:sip:10.0.0." + i))
                            .isZero());
        }

        private void happens(Event event) {
            if (event instanceof Response response && response.leg < destinations) {
                responds(response.leg, model.repeated(response.leg, response.code));
            } else if (event instanceof Cancel && method.equals("INVITE") && fixture.transactions() > 0) {
                fixture.callerSends(request("CANCEL"));
                model.callerCancels(nowMs);
            } else if (event instanceof Wait wait) {
                passes(wait.ms);
            }
            model.settle(nowMs);
            check();
        }

        /** In steps, so that the caller acknowledges a failure before it is repeated. */
        private void passes(int ms) {
            for (int left = ms; left > 0; left -= STEP_MS) {
                fixture.passes(Math.min(left, STEP_MS));
                read();
            }
            nowMs += ms;
            model.passes(nowMs);
        }

        /** The lane forgets a request 32 s after its final response, and passes further responses on by their Via. */
        private void responds(int leg, int code) {
            if (fixture.transactions() == 0) {
                return;
            }
            int before = requestsTo(leg, "ACK");
            LaneFixture.Sent sent = requests.get(leg);
            String text = LaneFixture.response(
                            sent.message(), code, "WWW-Authenticate: Digest realm=\"d" + (leg + 1) + "\", nonce=\"n\"")
                    .replace("tag=d1", "tag=d" + (leg + 1));
            fixture.arrives(text, new Flow(MAIN, address("10.0.0." + (leg + 1) + ":5060"), Flow.NO_CONNECTION));
            model.responds(leg, code, nowMs);
            boolean acknowledged = method.equals("INVITE") && code >= 300;
            assertThat(requestsTo(leg, "ACK") - before).isEqualTo(acknowledged ? 1 : 0);
        }

        private int requestsTo(int leg, String wanted) {
            return (int) fixture.sentAfter(0).stream()
                    .filter(one -> one.toString().equals(wanted + " to d" + (leg + 1)))
                    .count();
        }

        private void check() {
            read();
            assertThat(toCaller).isEqualTo(model.toCaller());
            assertThat(cancelled).isEqualTo(model.cancelled());
            if (challenge != null) {
                assertThat(challenge).containsExactlyInAnyOrderElementsOf(model.challengers());
                challenge = null;
            }
        }

        private void read() {
            List<LaneFixture.Sent> fresh = fixture.sentAfter(seen);
            seen += fresh.size();
            for (LaneFixture.Sent one : fresh) {
                if (one.isRequest("CANCEL")) {
                    cancelled.add(one.toString().replace("CANCEL to ", ""));
                } else if (one.to().equals(address(CALLER)) && one.line("CSeq").endsWith(method)) {
                    responded(one);
                }
            }
        }

        /** Acknowledges failures, so that they are not repeated. */
        private void responded(LaneFixture.Sent response) {
            int code = Integer.parseInt(response.startLine().substring(8, 11));
            if (code == 100) {
                return;
            }
            String tag = response.line("To").replaceFirst(".*;tag=", "");
            toCaller.add(code + " of " + (tag.matches("d[1-6]") ? tag : "us"));
            if (ForkModel.isChallenge(code)) {
                challenge = realms(response);
            }
            if (code >= 300 && method.equals("INVITE")) {
                fixture.callerSends(LaneFixture.ack(response));
            }
        }

        private static List<String> realms(LaneFixture.Sent response) {
            return response.lines("WWW-Authenticate").stream()
                    .map(line -> line.replaceFirst(".*realm=\"(d\\d)\".*", "$1"))
                    .toList();
        }

        private Set<String> silent() {
            return fixture.observations.stream()
                    .filter(Observation::silent)
                    .map(one -> one.destination().uri().replace("sip:10.0.0.", "d"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
