package org.sipdispatch.replication;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Whether a node is in maintenance, and its sockets, to which other nodes redirect requests.
 *
 * @param sinceMs when the maintenance began, in milliseconds since 1970; 0 if the node is not in maintenance
 * @param sockets names of the node's sockets by {@code proto:address:port}
 */
public record NodeMaintenance(long sinceMs, Map<String, String> sockets) {
    public NodeMaintenance {
        sockets = Map.copyOf(sockets);
    }

    public boolean isOn() {
        return sinceMs > 0;
    }

    /** The form in which nodes exchange it: the time, then one socket in each line. */
    String encoded() {
        return new TreeMap<>(sockets)
                .entrySet().stream()
                        .map(socket -> "\n" + socket.getKey() + "=" + socket.getValue())
                        .collect(Collectors.joining("", String.valueOf(sinceMs), ""));
    }

    /** The states by the addresses of the nodes; omits entries of an unknown form. */
    static Map<String, NodeMaintenance> decoded(Map<?, ?> byNode) {
        Map<String, NodeMaintenance> decoded = new TreeMap<>();
        byNode.forEach((node, text) -> {
            String[] lines = String.valueOf(text).split("\n");
            if (lines[0].matches("\\d{1,18}")) {
                decoded.put(String.valueOf(node), decoded(lines));
            }
        });
        return decoded;
    }

    private static NodeMaintenance decoded(String[] lines) {
        Map<String, String> sockets = new TreeMap<>();
        for (int i = 1; i < lines.length; i++) {
            String[] parts = lines[i].split("=", 2);
            if (parts.length == 2) {
                sockets.put(parts[0], parts[1]);
            }
        }
        return new NodeMaintenance(Long.parseLong(lines[0]), sockets);
    }
}
