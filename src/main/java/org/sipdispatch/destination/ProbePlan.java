package org.sipdispatch.destination;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.IpVersionPreference;
import org.sipdispatch.settings.Section;
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.settings.UserInfo;

/**
 * How one destination is probed: the settings, overridden by its {@code attrs}.
 *
 * @param intervalMs in milliseconds; 0: no pings
 * @param intervalDownMs the interval while Probing, in milliseconds
 * @param always whether the destination is pinged while Active too
 * @param warnings the errors in its attrs
 */
public record ProbePlan(
        Ping ping,
        HealthThresholds limits,
        long intervalMs,
        long intervalDownMs,
        boolean always,
        int opinionNodes,
        int opinionAgree,
        List<String> warnings) {
    private static final Set<String> OURS = Set.of(
            "ds_ping_interval",
            "ds_ping_method",
            "ds_ping_from",
            "ping_from",
            "ds_probing_threshhold",
            "ds_probing_threshold",
            "ping_timeout",
            "options_reply_codes",
            "probe_mode",
            IpVersionPreference.KEY);

    static ProbePlan of(ProbeSettings settings, Definition definition) {
        Destination destination = definition.destination();
        ProbeAttrs attrs = new ProbeAttrs(destination);
        long intervalMs = attrs.get("ds_ping_interval", settings.intervalMs(), ProbeSettings::interval);
        boolean down = settings.intervalDownMs() != settings.intervalMs();
        String from = attrs.get("ping_from", settings.from(), ProbeSettings::uri);
        HealthThresholds common = settings.limits();
        HealthThresholds limits = new HealthThresholds(
                attrs.threshold(common.threshold()),
                common.successThreshold(),
                attrs.get("options_reply_codes", common.good(), ProbeSettings::codes),
                common.busy());
        Ping ping = new Ping(
                destination,
                attrs.get("ds_ping_method", settings.method(), ProbeSettings::method),
                attrs.get("ds_ping_from", from, ProbeSettings::uri),
                settings.maxForwards(),
                settings.socket(),
                attrs.get("ping_timeout", settings.timeoutMs(), ProbeSettings::timeout));
        boolean always = attrs.get("probe_mode", false, Section::flag);
        // Used where names are resolved; read here for its warning.
        attrs.get(IpVersionPreference.KEY, null, ProbeSettings::ipVersions);
        return new ProbePlan(
                ping,
                limits,
                settings.sets().contains(destination) ? intervalMs : 0,
                down ? settings.intervalDownMs() : intervalMs,
                settings.always() || definition.permanentProbing() || always,
                settings.opinionNodes(),
                settings.opinionAgree(),
                List.copyOf(attrs.warnings));
    }

    /** Whether it is pinged now. A busy destination is pinged in mode 0 too, because otherwise it would stay busy. */
    boolean pings(Status status) {
        return intervalMs > 0 && !status.removed() && !status.held() && (always || status.probing() || status.busy());
    }

    long intervalMs(Status status) {
        return status.probing() ? intervalDownMs : intervalMs;
    }

    /** Whether the next failed ping reaches the threshold, so that other nodes are asked at the same time. */
    boolean isLastChance(Status status) {
        return limits.threshold() > 1
                && !status.held()
                && !status.probing()
                && status.failures() >= limits.threshold() - 1;
    }

    /** {@code key=value;key=value}; other keys are ignored. */
    private static final class ProbeAttrs {
        private final Section section;
        private final List<String> warnings = new ArrayList<>();

        ProbeAttrs(Destination destination) {
            Map<String, String> texts = new TreeMap<>();
            for (String item : (destination.attrs() == null ? "" : destination.attrs()).split(";")) {
                int equals = item.indexOf('=');
                String key = equals < 0 ? "" : item.substring(0, equals).strip();
                if (OURS.contains(key)) {
                    texts.put(key, item.substring(equals + 1).strip());
                }
            }
            section = Section.of("attrs of " + UserInfo.withoutPassword(destination.id()), texts);
        }

        <T> T get(String key, T otherwise, BiFunction<Section, String, T> reading) {
            if (!section.has(key)) {
                return otherwise;
            }
            return tried(otherwise, () -> reading.apply(section, key));
        }

        int threshold(int otherwise) {
            return tried(otherwise, () -> ProbeSettings.threshold(section, otherwise));
        }

        private <T> T tried(T otherwise, Supplier<T> reading) {
            try {
                return reading.get();
            } catch (SettingException e) {
                warnings.add(e.getMessage() + ", ignored");
                return otherwise;
            }
        }
    }
}
