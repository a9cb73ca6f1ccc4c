package org.sipdispatch.app;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.util.List;
import java.util.Map;

/**
 * Takes what is wrong out of settings, so that what else is wrong comes to light: a default takes its place, or something
 * that is right wherever others may name it or it must be there.
 */
final class Repair {
    /** A database that is never opened. */
    static final String NO_DATABASE = "jdbc:h2:mem:taken-away";

    private static final Map<String, Object> REPLY = Map.of("reply", Map.of("code", 404, "reason", "Taken Away"));

    private final SettingsTree tree;
    private int sockets;

    Repair(SettingsTree tree) {
        this.tree = tree;
    }

    /** Takes that away, or what is around it if there is nothing at that path. False if there is nothing left to take. */
    boolean takeAway(String path, boolean again) {
        List<Object> steps = tree.steps(path);
        if (!again && replaced(path, steps)) {
            return true;
        }
        if (again) {
            steps = steps.isEmpty() ? steps : steps.subList(0, steps.size() - 1);
        }
        if (steps.isEmpty()) {
            return false;
        }
        if (steps.get(0).equals("rules") && steps.size() <= 2) {
            tree.set(steps, steps.size() == 1 ? List.of(REPLY) : REPLY);
        } else {
            tree.set(steps, standard(steps));
        }
        return true;
    }

    /** What must be there and has no default. */
    private boolean replaced(String path, List<Object> steps) {
        String first = steps.isEmpty() ? path : String.valueOf(steps.get(0));
        if (first.equals("sockets")) {
            return replacedSocket(steps);
        }
        if (first.equals("partitions") && path.endsWith(".db_url") && steps.size() >= 2) {
            tree.set(List.of("partitions", steps.get(1), "db_url"), NO_DATABASE);
            return true;
        }
        if (path.equals("relay.secret")) {
            tree.set(List.of("relay", "secret"), "taken away by the check");
            return true;
        }
        if (path.matches("rules\\[\\d+]\\.select\\.set") && tree.has(path)) {
            // As many as before: alg and flags may have one for each.
            tree.set(steps, String.valueOf(tree.get(steps)).replaceAll("[^,]+", "1"));
            return true;
        }
        return false;
    }

    private boolean replacedSocket(List<Object> steps) {
        sockets++;
        String free = "udp:127.254." + sockets / 250 + "." + (sockets % 250 + 1) + ":5060";
        if (steps.size() < 2) {
            tree.set(List.of("sockets"), Map.of("taken-away", free));
        } else {
            tree.set(steps.subList(0, 2), free);
        }
        return true;
    }

    /** The default at that place; null for none. */
    private static Object standard(List<Object> steps) {
        if (steps.stream().anyMatch(Integer.class::isInstance)) {
            return null;
        }
        String path = ConfigUtil.joinPath(steps.stream().map(String::valueOf).toList());
        String whole = ConfigFile.ROOT + "." + path;
        var defaults = ConfigFactory.defaultReference();
        ConfigValue value = defaults.hasPath(whole) ? defaults.getValue(whole) : null;
        return value == null ? null : value.unwrapped();
    }
}
