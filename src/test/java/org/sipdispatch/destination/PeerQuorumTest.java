package org.sipdispatch.destination;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeerQuorumTest {
    @ParameterizedTest
    @CsvSource({
        // asked, agree, heard (g good, l listed, y busy, b bad reply, s silent, u unsent,
        // n no evidence), time up, verdict
        "0, 1, '', false, ALONE",
        "2, 1, '', false, OPEN",
        "2, 1, '', true, ALONE",
        "2, 1, s, false, AGREED",
        "2, 1, b, false, AGREED",
        "2, 1, g, false, OPEN",
        "2, 1, g, true, DISPUTED",
        "2, 1, gs, false, AGREED",
        "2, 1, gg, false, DISPUTED",
        "2, 1, ly, false, DISPUTED",
        "2, 1, nn, false, ALONE",
        "2, 1, n, false, OPEN",
        "2, 1, uu, false, ALONE",
        "2, 1, ug, false, DISPUTED",
        "2, 1, us, false, AGREED",
        "2, 1, ng, false, DISPUTED",
        "3, 2, s, false, OPEN",
        "3, 2, s, true, AGREED",
        "3, 2, sn, true, AGREED",
        "3, 2, sg, true, DISPUTED",
        "3, 2, sgs, false, AGREED",
        "3, 2, sgg, false, DISPUTED",
    })
    void whatOthersSayLeadsTo(int asked, int agree, String results, boolean timeUp, PeerQuorum.Agreement verdict) {
        PeerQuorum opinion = PeerQuorum.of(asked, agree);
        for (char c : results.toCharArray()) {
            opinion = opinion.with(new PeerProbeResult("other", result(c), 1));
        }

        assertThat((timeUp ? opinion.closed() : opinion).agreement(Samples.THREE, ""))
                .isEqualTo(verdict);
    }

    @Test
    void whoRaisedTheSuspicionIsNoSecondOpinion() {
        PeerQuorum opinion = PeerQuorum.of(2, 1)
                .with(new PeerProbeResult("accuser", Samples.SILENT, 1))
                .with(new PeerProbeResult("other", Samples.GOOD, 1));

        assertThat(opinion.agreement(Samples.THREE, "accuser")).isEqualTo(PeerQuorum.Agreement.DISPUTED);
        assertThat(opinion.agreement(Samples.THREE, "")).isEqualTo(PeerQuorum.Agreement.AGREED);
    }

    private static PingResult result(char c) {
        return switch (c) {
            case 'g' -> Samples.GOOD;
            case 'l' -> Samples.replied(404);
            case 'y' -> Samples.replied(503);
            case 'b' -> Samples.replied(500);
            case 's' -> Samples.SILENT;
            case 'u' -> Samples.NOT_SENT;
            default -> Samples.NO_EVIDENCE;
        };
    }
}
