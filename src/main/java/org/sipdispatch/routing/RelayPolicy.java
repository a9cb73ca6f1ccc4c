package org.sipdispatch.routing;

import java.time.Duration;
import java.util.List;
import org.sipdispatch.settings.Section;
import org.sipdispatch.settings.StatusCodes;

/**
 * How a rule's requests are carried.
 *
 * @param failover the final codes on which the next destination is tried; 408 stands for a timeout too
 * @param stop the final codes on which none is tried, although {@code failover} has them, or the rule for 503
 * @param frTimeout how long a destination may stay silent, {@code fr_timeout} of OpenSIPS' tm
 * @param frInvTimeout how long it may ring, {@code fr_inv_timeout}; timer C of RFC 3261
 * @param rewriteDomain put the destination's host and port into the Request-URI ({@code ds_select_domain}) instead of
 *     sending it there as it is ({@code ds_select_dst})
 * @param recordRoute stay in the path of dialogs
 * @param marksProbing a destination that fails a request is struck as by a failed ping, {@code ds_mark_dst("p")}
 */
public record RelayPolicy(
        Mode mode,
        StatusCodes failover,
        StatusCodes stop,
        Duration frTimeout,
        Duration frInvTimeout,
        boolean rewriteDomain,
        boolean recordRoute,
        boolean marksProbing) {

    /** Ways to carry a request. */
    public enum Mode {
        /** Without memory of the request: RFC 3261 section 16.11. */
        STATELESS,
        /** With transactions, timers and failover: RFC 3261 section 16. */
        STATEFUL,
        /** Not at all: a 302 names the destinations. */
        REDIRECT
    }

    /** Longer than the 3 minutes that timer C needs at least (RFC 3261 section 16.6 step 11). */
    private static final Duration DEFAULT_RING = Duration.ofSeconds(181);

    private static final Duration LEAST = Duration.ofMillis(100);
    private static final Duration MOST = Duration.ofHours(1);

    /** Reads a rule's {@code relay} block on top of the defaults for all rules. */
    static RelayPolicy from(Section relay, RelayPolicy defaults) {
        RelayPolicy policy = new RelayPolicy(
                relay.has("mode") ? relay.choice("mode", Mode.class) : defaults.mode,
                codes(relay, "failover", defaults.failover),
                codes(relay, "stop", defaults.stop),
                relay.has("fr_timeout") ? relay.duration("fr_timeout", LEAST, MOST) : defaults.frTimeout,
                relay.has("fr_inv_timeout") ? relay.duration("fr_inv_timeout", LEAST, MOST) : defaults.frInvTimeout,
                relay.has("rewrite") ? rewritesDomain(relay) : defaults.rewriteDomain,
                relay.has("record-route") ? relay.flag("record-route") : defaults.recordRoute,
                relay.has("mark") ? marksProbing(relay) : defaults.marksProbing);
        relay.refuseUnknown();
        policy.refuseContradiction(relay);
        return policy;
    }

    private static StatusCodes codes(Section relay, String key, StatusCodes otherwise) {
        return relay.has(key)
                ? relay.attempt(StatusCodes.NONE, () -> StatusCodes.parse(relay.path(key), relay.text(key), 3))
                : otherwise;
    }

    /** A class in one list and a code of it in the other make sense; the same code in both does not. */
    private void refuseContradiction(Section relay) {
        if (failover.contradicts(stop)) {
            boolean own = relay.has("failover");
            relay.refuse(
                    own ? "failover" : "stop",
                    own ? failover : stop,
                    own
                            ? "no code that stop names too; stop is " + stop
                            : "no code that failover names too; failover is " + failover);
        }
    }

    /** Whether the next destination is tried behind a failure, silence included; an answer may be in {@code stop}. */
    public boolean failsOver(int code) {
        return code == 503 || failover.contains(code);
    }

    /** Whether a destination that answers so speaks for all: a 6xx, unless the rules say otherwise. */
    public boolean endsSearch(int code) {
        return code >= 600 && (stop.contains(code) || !failover.contains(code));
    }

    static RelayPolicy defaults(Section relay) {
        return from(relay, new RelayPolicy(null, null, null, null, null, false, false, false));
    }

    /** Of requests that follow their dialog: one way only, and the time that RFC 3261 gives them. */
    public static RelayPolicy ofDialogs(Duration timeout) {
        return new RelayPolicy(
                Mode.STATEFUL, StatusCodes.NONE, StatusCodes.NONE, timeout, DEFAULT_RING, false, false, false);
    }

    private static boolean marksProbing(Section relay) {
        String text = relay.text("mark");
        if (!List.of("probing", "p", "off").contains(text)) {
            relay.refuse("mark", text, "probing or off");
        }
        return !text.equals("off");
    }

    private static boolean rewritesDomain(Section relay) {
        String text = relay.text("rewrite");
        if (!text.equals("dst") && !text.equals("domain")) {
            relay.refuse("rewrite", text, "dst or domain");
        }
        return text.equals("domain");
    }
}
