package org.sipdispatch.destination;

import java.util.List;
import java.util.function.Function;
import org.sipdispatch.settings.Section;

/**
 * The pings to the destinations of one partition, where they differ from the block {@code probing}.
 *
 * @param method the method of the pings; null as in {@code probing}
 * @param from the From URI of the pings; null as in {@code probing}
 * @param socket the socket to send from if the destination names none; null as in {@code probing}
 */
public record PartitionPingSettings(String method, String from, String socket) {
    /** For a partition without keys of its own. */
    public static final PartitionPingSettings NONE = new PartitionPingSettings(null, null, null);

    public static final String SOCKET = "ping_sock";
    public static final String METHOD = "ping_method";
    private static final String FROM = "ping_from";

    /** The keys of a partition that this record reads. */
    public static final List<String> KEYS = List.of(METHOD, FROM, SOCKET);

    /** Reads the keys; {@code blocks} returns the block that has the key, or one without it. */
    public static PartitionPingSettings from(Function<String, Section> blocks) {
        Section method = blocks.apply(METHOD);
        Section from = blocks.apply(FROM);
        Section socket = blocks.apply(SOCKET);
        String name = socket.textOr(SOCKET, "").strip();
        return new PartitionPingSettings(
                method.has(METHOD) ? ProbeSettings.method(method, METHOD) : null,
                from.has(FROM) ? ProbeSettings.uri(from, FROM) : null,
                name.isEmpty() ? null : name);
    }
}
