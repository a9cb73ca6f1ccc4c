package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.inDialog;
import static org.sipdispatch.proxy.LaneFixture.invite;
import static org.sipdispatch.proxy.LaneFixture.request;

import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.sipdispatch.limits.CallLimits;

/** Each place of a call in limits is given back exactly once, for any responses, requests and times in any order. */
class CallPlacesTest {
    private static final List<Integer> CODES =
            List.of(100, 180, 183, 200, 200, 200, 302, 401, 408, 486, 487, 500, 503, 603);
    private static final List<Integer> STEPS_MS = List.of(30, 700, 2_300, 6_000, 33_000, 200_000);
    private static final long FOR_EVER_MS = 900_000;
    private static final String PARALLEL = "rules = [ { select { set = 1, alg = parallel } } ]";

    @Property(tries = 100)
    void inParallelForking(@ForAll long seed) {
        new Run(PARALLEL, new Random(seed)).all();
    }

    @Property(tries = 100)
    void oneAfterTheOther(@ForAll long seed) {
        new Run("", new Random(seed)).all();
    }

    private static final class Run {
        private final Random random;
        private final LaneFixture fixture;

        Run(String rule, Random random) {
            this.random = random;
            fixture = LaneFixture.stateful(
                            rule,
                            "relay.call-longest = 4m",
                            "relay-defaults { fr_timeout = 1s, fr_inv_timeout = 30s }",
                            "limits.sources = [{ name = acme, from = \"192.0.2.0/24\", max-calls = 9 }]")
                    .attrs(1, "maxcalls=5;minasr=1", random.nextBoolean() ? "maxcalls=5" : "maxcps=9", "");
        }

        void all() {
            fixture.callerSends(invite());
            for (int i = 0; i < 14; i++) {
                happens();
                assertThat(fixture.limits.all())
                        .allSatisfy(one -> assertThat(one.used()).isNotNegative());
            }
            fixture.passes(FOR_EVER_MS);
            fixture.passes(FOR_EVER_MS);
            assertThat(fixture.transactions()).isZero();
            assertThat(fixture.limits.all()).extracting(CallLimits::used).containsOnly(0);
        }

        private void happens() {
            switch (random.nextInt(12)) {
                case 0 -> fixture.passes(STEPS_MS.get(random.nextInt(STEPS_MS.size())));
                case 1 -> fixture.callerSends(request("CANCEL"));
                case 2 -> fixture.callerSends(inDialog("BYE").replace("dialogBYE", "bye" + random.nextInt(2)));
                case 3 -> {
                    if (hasSent("BYE")) {
                        fixture.answers(fixture.lastOf("BYE"), random.nextBoolean() ? 200 : 401);
                    }
                }
                case 4 -> fixture.callerSends(invite());
                default -> responds();
            }
        }

        private void responds() {
            List<LaneFixture.Sent> invites = fixture.sentAfter(0).stream()
                    .filter(one -> one.isRequest("INVITE"))
                    .toList();
            fixture.answers(invites.get(random.nextInt(invites.size())), CODES.get(random.nextInt(CODES.size())));
        }

        private boolean hasSent(String method) {
            return fixture.sentAfter(0).stream().anyMatch(one -> one.isRequest(method));
        }
    }
}
