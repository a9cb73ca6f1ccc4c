package org.sipdispatch.proxy;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.sipdispatch.settings.Section;

/**
 * When a lane sheds new requests, and whether it heeds overloaded destinations: the block {@code relay.overload}.
 *
 * @param isOn whether it sheds any
 * @param target how long messages may wait for the lane, 1 ms to 1 s
 * @param interval how long they must have waited longer than that without a break before the lane begins to shed, 10 ms
 *     to 10 s
 * @param silentAfter from which waiting time on requests over UDP are dropped instead of refused; longer than
 *     {@code target}, 1 minute at most
 * @param retryAfter when a refused caller may try again, 1 hour at most; zero for no Retry-After
 * @param urgentPriorities namespaces, or namespaces with values, of Resource-Priority: such requests are never shed
 * @param asksDestinations whether destinations may ask for fewer requests
 */
public record OverloadSettings(
        boolean isOn,
        Duration target,
        Duration interval,
        Duration silentAfter,
        Duration retryAfter,
        List<String> urgentPriorities,
        boolean asksDestinations) {
    /** A namespace without its value, or both: RFC 4412 section 3.1. */
    private static final Pattern PRIORITY = Pattern.compile("[\\w!%*+`'~-]+(\\.[\\w!%*+`'~-]+)?");

    static OverloadSettings from(Section overload) {
        Duration target = overload.duration("target", Duration.ofMillis(1), Duration.ofSeconds(1));
        OverloadSettings settings = new OverloadSettings(
                overload.flag("shed"),
                target,
                overload.duration("interval", Duration.ofMillis(10), Duration.ofSeconds(10)),
                overload.duration("silent-after", target.plusMillis(1), Duration.ofMinutes(1)),
                overload.duration("retry-after", Duration.ZERO, Duration.ofHours(1)),
                priorities(overload),
                overload.flag("ask-destinations"));
        overload.refuseUnknown();
        return settings;
    }

    private static List<String> priorities(Section overload) {
        List<String> priorities = List.copyOf(overload.texts("urgent-priorities"));
        for (String one : priorities) {
            if (!PRIORITY.matcher(one).matches()) {
                overload.refuse("urgent-priorities", one, "a namespace of Resource-Priority such as esnet, or esnet.0");
            }
        }
        return priorities;
    }

    /** The header line of a refusal, with its line end; empty if there is none. Part of a second counts as one. */
    String retryAfterHeader() {
        long seconds = (retryAfter.toMillis() + 999) / 1000;
        return seconds == 0 ? "" : "Retry-After: " + seconds + "\r\n";
    }
}
