package org.sipdispatch.routing;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.sipdispatch.settings.Section;
import org.sipdispatch.settings.StatusCodes;

/**
 * How the requests of a rule are relayed.
 *
 * @param failover the final status codes after which the next destination is tried; 408 also means a timeout
 * @param stop the final status codes after which none is tried, even if {@code failover} contains them; 503 included
 * @param frTimeout how long a destination may not respond, {@code fr_timeout} of OpenSIPS' tm
 * @param frInvTimeout how long it may ring, {@code fr_inv_timeout}; timer C of RFC 3261
 * @param rewriteDomain put the destination's host and port into the Request-URI ({@code ds_select_domain}) instead of
 *     sending the request there unchanged ({@code ds_select_dst})
 * @param recordRoute stay in the path of dialogs
 * @param marks how a destination that fails a request is marked, {@code ds_mark_dst}
 * @param challengeAffinity send credentials to the destination whose challenge they answer
 * @param blacklists the names of the blacklists to whose addresses nothing is relayed
 * @param path which REGISTERs get a Path, so that calls to the client pass this node (RFC 3327)
 * @param allFailed the response if the last destination fails so that a next one would be tried; null for the best failure
 */
public record RelayPolicy(
        Mode mode,
        StatusCodes failover,
        StatusCodes stop,
        Duration frTimeout,
        Duration frInvTimeout,
        boolean rewriteDomain,
        boolean recordRoute,
        FailureMarks marks,
        boolean challengeAffinity,
        List<String> blacklists,
        Path path,
        LocalReply allFailed) {

    public enum Mode {
        /** Without transactions: RFC 3261 section 16.11. */
        STATELESS,
        /** With transactions, timers and failover: RFC 3261 section 16. */
        STATEFUL,
        /** Not relayed: a 302 response lists the destinations. */
        REDIRECT
    }

    /** Which REGISTERs get a Path. */
    public enum Path {
        NO,
        /** Those whose sender supports it: RFC 3327 section 5.2. */
        IF_SUPPORTED,
        /** All of them. */
        YES
    }

    /** Longer than the minimum of 3 minutes for timer C (RFC 3261 section 16.6 step 11). */
    private static final Duration DEFAULT_RING = Duration.ofSeconds(181);

    private static final Duration LEAST = Duration.ofMillis(100);
    private static final Duration MOST = Duration.ofHours(1);

    /** Reads a rule's {@code relay} block, with the defaults of all rules. */
    static RelayPolicy from(Section relay, RelayPolicy defaults) {
        RelayPolicy policy = new RelayPolicy(
                relay.has("mode") ? relay.choice("mode", Mode.class) : defaults.mode,
                codes(relay, "failover", defaults.failover),
                codes(relay, "stop", defaults.stop),
                relay.has("fr_timeout") ? relay.duration("fr_timeout", LEAST, MOST) : defaults.frTimeout,
                relay.has("fr_inv_timeout") ? relay.duration("fr_inv_timeout", LEAST, MOST) : defaults.frInvTimeout,
                relay.has("rewrite") ? rewritesDomain(relay) : defaults.rewriteDomain,
                relay.has("record-route") ? relay.flag("record-route") : defaults.recordRoute,
                relay.has("mark") ? FailureMarks.from(relay, "mark") : defaults.marks,
                relay.has("challenge-affinity") ? relay.flag("challenge-affinity") : defaults.challengeAffinity,
                relay.has("blacklist") ? names(relay) : defaults.blacklists,
                relay.has("path") ? relay.choice("path", Path.class) : defaults.path,
                relay.has("all-failed") ? LocalReply.from(relay.section("all-failed")) : defaults.allFailed);
        relay.refuseUnknown();
        policy.refuseContradiction(relay);
        if (relay.has("all-failed") && policy.mode != Mode.STATEFUL) {
            relay.refuse("all-failed", "a block", "mode stateful, which sees the responses");
        }
        return policy;
    }

    private static StatusCodes codes(Section relay, String key, StatusCodes otherwise) {
        return relay.has(key)
                ? relay.attempt(StatusCodes.NONE, () -> StatusCodes.parse(relay.path(key), relay.text(key), 3))
                : otherwise;
    }

    /** A class in one list and one of its codes in the other is valid; the same code in both is not. */
    private void refuseContradiction(Section relay) {
        if (mode == Mode.REDIRECT && path != Path.NO && relay.has("path")) {
            relay.refuse("path", relay.text("path"), "no in mode redirect, in which nothing is forwarded");
        }
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

    /**
     * Whether the next destination is tried after this code, timeouts included. For a response, check {@code stop}
     * first.
     */
    public boolean failsOver(int code) {
        return code == 503 || failover.contains(code);
    }

    /**
     * The response in place of the best failure, if that has this code; null to keep the best failure. {@code stop} does
     * not apply to timeouts, which have the code 408.
     */
    public LocalReply inPlaceOf(int code) {
        return failsOver(code) && (code == 408 || !stop.contains(code)) ? allFailed : null;
    }

    /** Whether a destination that answers with this final code has failed the request. */
    public boolean isFailure(int code) {
        return !stop.contains(code) && failsOver(code) || marks.names(code);
    }

    /** Whether this response ends the search for all branches: a 6xx, unless the rule says otherwise. */
    public boolean endsSearch(int code) {
        return code >= 600 && (stop.contains(code) || !failover.contains(code));
    }

    static RelayPolicy defaults(Section relay) {
        return from(
                relay,
                new RelayPolicy(
                        null, null, null, null, null, false, false, FailureMarks.NONE, false, null, Path.NO, null));
    }

    /** For requests within a dialog: one target only, with the timeouts of RFC 3261. */
    public static RelayPolicy forDialogs(Duration timeout) {
        return new RelayPolicy(
                Mode.STATEFUL,
                StatusCodes.NONE,
                StatusCodes.NONE,
                timeout,
                DEFAULT_RING,
                false,
                false,
                FailureMarks.NONE,
                false,
                List.of(),
                Path.NO,
                null);
    }

    private static List<String> names(Section relay) {
        return relay.texts("blacklist").stream()
                .flatMap(text -> Stream.of(text.split(",")))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .distinct()
                .toList();
    }

    private static boolean rewritesDomain(Section relay) {
        String text = relay.text("rewrite");
        if (!text.equals("dst") && !text.equals("domain")) {
            relay.refuse("rewrite", text, "dst or domain");
        }
        return text.equals("domain");
    }
}
