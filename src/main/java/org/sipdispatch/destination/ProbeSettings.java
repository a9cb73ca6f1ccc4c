package org.sipdispatch.destination;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.sipdispatch.sets.IpVersionPreference;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.settings.Section;
import org.sipdispatch.settings.StatusCodes;
import org.sipdispatch.settings.UserInfo;
import org.sipdispatch.sip.SipUri;

/**
 * The settings of the block {@code probing}.
 *
 * @param intervalMs in milliseconds; 0: no pings
 * @param intervalDownMs the interval while Probing, in milliseconds
 * @param method the method of the pings
 * @param from the From URI of the pings
 * @param maxForwards the Max-Forwards of the pings
 * @param socket the socket to send from if the destination names none; null for any
 * @param timeoutMs how long to wait for the response, in milliseconds
 * @param always whether all destinations except Inactive ones are pinged (mode 1), or only those in Probing (mode 0)
 * @param sets the sets whose destinations are pinged
 * @param limits the thresholds and response codes
 * @param opinionNodes how many other nodes are asked before a destination is taken out
 * @param opinionAgree how many of them must agree
 * @param partitions what differs in a partition, by its name
 */
public record ProbeSettings(
        long intervalMs,
        long intervalDownMs,
        String method,
        String from,
        int maxForwards,
        String socket,
        int timeoutMs,
        boolean always,
        ProbedSets sets,
        HealthThresholds limits,
        int opinionNodes,
        int opinionAgree,
        Map<String, PartitionPingSettings> partitions) {
    private static final Duration DAY = Duration.ofDays(1);
    private static final int MOST_FAILURES = 1000;

    /** INVITE would ring; ACK and CANCEL belong to another request. */
    private static final Set<String> NO_PINGS = Set.of("INVITE", "ACK", "CANCEL");

    /** Reads the block {@code probing}. */
    public static ProbeSettings from(Section probing) {
        long intervalMs = interval(probing, "ds_ping_interval");
        long downMs = interval(probing, "ping-interval-down");
        int maxForwards = probing.integer("ds_ping_maxfwd", -1, 255);
        String socket = probing.text("ds_probing_sock").strip();
        Section opinion = probing.section("second-opinion");
        ProbeSettings settings = new ProbeSettings(
                intervalMs,
                downMs == 0 ? intervalMs : downMs,
                method(probing, "ds_ping_method"),
                uri(probing, "ds_ping_from"),
                maxForwards < 0 ? 70 : maxForwards,
                socket.isEmpty() ? null : socket,
                timeout(probing, "ping-timeout"),
                probing.integer("ds_probing_mode", 0, 1) == 1,
                probing.attempt(
                        ProbedSets.ALL,
                        () -> ProbedSets.parse(probing.path("ds_probing_list"), probing.text("ds_probing_list"))),
                new HealthThresholds(
                        threshold(probing, 3),
                        probing.integer("success-threshold", 1, MOST_FAILURES),
                        codes(probing, "options_reply_codes"),
                        codes(probing, "busy-reply-codes")),
                opinion.integer("nodes", 0, 100),
                opinion.integer("agree", 1, 100),
                Map.of());
        opinion.refuseUnknown();
        probing.refuseUnknown();
        return settings;
    }

    /** Whether destinations of that set are pinged, unless their attrs say otherwise. */
    public boolean pings(SetId set) {
        return intervalMs > 0 && sets.contains(set);
    }

    /** The items of {@code ds_probing_list} for which there is no set among these. */
    public List<String> unknownSets(Set<SetId> known) {
        return sets.unknown(known);
    }

    /** The settings of one destination, with the overrides in its attrs. */
    public ProbePlan of(Definition definition) {
        PartitionPingSettings own =
                partitions.getOrDefault(definition.destination().partition(), PartitionPingSettings.NONE);
        return ProbePlan.of(own.equals(PartitionPingSettings.NONE) ? this : with(own), definition);
    }

    /** The same settings, with differences of partitions by their names. */
    public ProbeSettings withPartitions(Map<String, PartitionPingSettings> differing) {
        return new ProbeSettings(
                intervalMs,
                intervalDownMs,
                method,
                from,
                maxForwards,
                socket,
                timeoutMs,
                always,
                sets,
                limits,
                opinionNodes,
                opinionAgree,
                Map.copyOf(differing));
    }

    private ProbeSettings with(PartitionPingSettings own) {
        return new ProbeSettings(
                intervalMs,
                intervalDownMs,
                own.method() == null ? method : own.method(),
                own.from() == null ? from : own.from(),
                maxForwards,
                own.socket() == null ? socket : own.socket(),
                timeoutMs,
                always,
                sets,
                limits,
                opinionNodes,
                opinionAgree,
                Map.of());
    }

    static long interval(Section section, String key) {
        long ms = section.period(key, Duration.ZERO, DAY).toMillis();
        if (ms > 0 && ms < 100) {
            section.refuse(key, ms + "ms", "0 or 100ms at least");
        }
        return ms;
    }

    static int timeout(Section section, String key) {
        return (int) section.period(key, Duration.ofMillis(50), Duration.ofMinutes(1))
                .toMillis();
    }

    static StatusCodes codes(Section section, String key) {
        return section.attempt(StatusCodes.NONE, () -> StatusCodes.parse(section.path(key), section.text(key), 2));
    }

    static IpVersionPreference ipVersions(Section section, String key) {
        IpVersionPreference versions = IpVersionPreference.of(section.text(key));
        if (versions == null) {
            section.refuse(key, section.text(key), IpVersionPreference.EXPECTED);
        }
        return versions;
    }

    static String method(Section section, String key) {
        String method = section.text(key).strip();
        if (!method.matches("[A-Za-z0-9.!%*_+`'~-]+") || NO_PINGS.contains(method.toUpperCase(Locale.ROOT))) {
            section.refuse(key, method, "a method such as OPTIONS, not INVITE, ACK or CANCEL");
        }
        return method;
    }

    static String uri(Section section, String key) {
        String uri = section.text(key).strip();
        boolean plain = StandardCharsets.US_ASCII.newEncoder().canEncode(uri);
        SipUri parsed = plain ? SipUri.parse(uri) : null;
        if (parsed == null || !parsed.isSip()) {
            section.refuse(key, UserInfo.withoutPassword(uri), "a SIP URI");
        }
        return uri;
    }

    /** The threshold, in either spelling of the key. */
    static int threshold(Section section, int otherwise) {
        boolean old = section.has("ds_probing_threshhold");
        boolean right = section.has("ds_probing_threshold");
        int byOld = old ? section.integer("ds_probing_threshhold", 1, MOST_FAILURES) : otherwise;
        int byRight = right ? section.integer("ds_probing_threshold", 1, MOST_FAILURES) : byOld;
        if (old && byOld != byRight && !section.isInvalid("ds_probing_threshhold")) {
            section.refuse("ds_probing_threshold", byRight, "the same as ds_probing_threshhold, or only one");
        }
        return byRight;
    }
}
