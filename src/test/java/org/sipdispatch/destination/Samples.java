package org.sipdispatch.destination;

import org.sipdispatch.sets.Destination;
import org.sipdispatch.settings.StatusCodes;

/** Destinations, pings and ping results for tests. */
final class Samples {
    static final Destination DESTINATION = new Destination("default", 1, "sip:10.0.0.11:5060", null, 1, 0, "", "first");

    static final HealthThresholds THREE =
            new HealthThresholds(3, 1, StatusCodes.parse("good", "404", 2), StatusCodes.parse("busy", "503", 2));

    static final PingResult GOOD = replied(200);
    static final PingResult SILENT = new PingResult(PingResult.PingOutcome.SILENT, 0, 0);
    static final PingResult UNREACHABLE = new PingResult(PingResult.PingOutcome.UNREACHABLE, 0, 0);
    static final PingResult NOT_SENT = new PingResult(PingResult.PingOutcome.NOT_SENT, 0, 0);
    static final PingResult NO_EVIDENCE = new PingResult(PingResult.PingOutcome.NO_EVIDENCE, 0, 0);

    static PingResult replied(int code) {
        return new PingResult(PingResult.PingOutcome.REPLIED, code, 1000);
    }

    static Destination withAttrs(String attrs) {
        return new Destination("default", 1, "sip:10.0.0.11:5060", null, 1, 0, attrs, "first");
    }

    static Definition definition(DestinationState initial, long revision) {
        return new Definition(DESTINATION, initial, false, 0, 1, revision, "", false);
    }

    static Status status(String why) {
        return new Status(new StatusVersion(4, 9, 1), true, false, false, 0, 0, false, 5, "bob", why);
    }

    static Observation strikes(int strikes, boolean silent, int code) {
        return new Observation(DESTINATION, 0, strikes, strikes, silent, code);
    }

    static Observation success() {
        return new Observation(DESTINATION, 1, 0, 0, false, 0);
    }

    private Samples() {}
}
