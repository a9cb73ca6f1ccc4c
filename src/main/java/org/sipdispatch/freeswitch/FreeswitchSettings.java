package org.sipdispatch.freeswitch;

import java.time.Duration;
import org.sipdispatch.settings.Section;

/**
 * The block {@code freeswitch}.
 *
 * @param fetch whether rows whose weight is an {@link EventSocketUrl} are used
 * @param maxWeight the initial and largest weight of such a row
 * @param keepWeight how long the last weight applies while the event socket is away
 * @param heartbeatTimeout how long an event socket may send no heartbeat
 */
public record FreeswitchSettings(boolean fetch, int maxWeight, Duration keepWeight, Duration heartbeatTimeout) {
    /** No row has a weight from FreeSWITCH. */
    public static final FreeswitchSettings OFF =
            new FreeswitchSettings(false, 100, Duration.ofMinutes(1), Duration.ofMinutes(1));

    /** The key that enables it, for messages. */
    public static final String KEY = "freeswitch.fetch_freeswitch_stats";

    private static final int LARGEST_WEIGHT = 65535;

    public static FreeswitchSettings from(Section block) {
        FreeswitchSettings settings = new FreeswitchSettings(
                block.flag("fetch_freeswitch_stats"),
                block.integer("max_freeswitch_weight", 1, LARGEST_WEIGHT),
                block.duration("keep-weight", Duration.ZERO, Duration.ofDays(1)),
                block.duration("heartbeat-timeout", Duration.ofSeconds(1), Duration.ofHours(1)));
        block.refuseUnknown();
        return settings;
    }
}
