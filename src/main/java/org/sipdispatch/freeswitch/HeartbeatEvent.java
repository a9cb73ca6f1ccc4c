package org.sipdispatch.freeswitch;

import java.util.Map;

/**
 * The values of a HEARTBEAT event.
 *
 * @param sessions the present sessions
 * @param maxSessions the limit of FreeSWITCH, 1 or more
 * @param idleCpu the idle part of the processors, 0 to 100
 */
public record HeartbeatEvent(int sessions, int maxSessions, float idleCpu) {
    private static final String NUMBER = "\\d{1,9}";
    private static final String DECIMAL = "\\d{1,3}(\\.\\d{1,20})?";
    private static final float ALL = 100;

    /** Reads an event from its header fields; null if it is another event or lacks a usable value. */
    static HeartbeatEvent of(Map<String, String> event) {
        String sessions = event.getOrDefault("session-count", "");
        String most = event.getOrDefault("max-sessions", "");
        String idle = event.getOrDefault("idle-cpu", "");
        boolean usable = "HEARTBEAT".equals(event.get("event-name"))
                && sessions.matches(NUMBER)
                && most.matches(NUMBER)
                && idle.matches(DECIMAL)
                && Integer.parseInt(most) > 0
                && Float.parseFloat(idle) <= ALL;
        return usable
                ? new HeartbeatEvent(Integer.parseInt(sessions), Integer.parseInt(most), Float.parseFloat(idle))
                : null;
    }

    /**
     * The weight: {@code round(max * (1 - sessions / max_sessions) * idle_cpu / 100)}, with numbers of single precision
     * as in OpenSIPS. More sessions than the limit mean 0; the formula alone would be negative.
     */
    public int weight(int max) {
        float free = 1 - sessions / (float) maxSessions;
        return Math.max(0, Math.round(max * free * (idleCpu / ALL)));
    }
}
