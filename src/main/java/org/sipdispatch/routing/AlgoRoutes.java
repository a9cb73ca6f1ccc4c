package org.sipdispatch.routing;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.spi.AlgoRoute;

/** The algorithms that extensions of this program provide, by name. */
final class AlgoRoutes {
    private static final int MOST = 100;

    /** The algorithms on the class path. */
    private static final class Installed {
        private static final AlgoRoutes ALL =
                new AlgoRoutes(ServiceLoader.load(AlgoRoute.class, AlgoRoute.class.getClassLoader())
                        .iterator());
    }

    private final Map<String, AlgoRoute> byName = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();

    AlgoRoutes(Iterator<AlgoRoute> found) {
        int tried = 0;
        while (tried < MOST && read(found)) {
            tried++;
        }
    }

    static AlgoRoutes installed() {
        return Installed.ALL;
    }

    /** Reads one provider; a broken one is a problem of its own and does not hide the others. */
    private boolean read(Iterator<AlgoRoute> found) {
        try {
            if (!found.hasNext()) {
                return false;
            }
            add(found.next());
        } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
        return true;
    }

    private void add(AlgoRoute route) {
        String name = route.name();
        if (name == null || !name.matches("[A-Za-z0-9_.-]+")) {
            problems.add(route.getClass().getName() + " has the name " + name);
        } else if (byName.putIfAbsent(name, route) != null) {
            problems.add(route.getClass().getName() + " has the name " + name + " of another one");
        }
    }

    /**
     * The algorithm with this name.
     *
     * @param key the key of the setting, for the error
     * @throws SettingException if there is none; lists those that exist
     */
    AlgoRoute named(String key, String name) {
        AlgoRoute route = byName.get(name);
        if (route == null) {
            throw new SettingException(
                    key,
                    name,
                    "an algorithm that a jar in the directory extensions provides: "
                            + (byName.isEmpty() ? "there is none" : String.join(", ", byName.keySet()))
                            + (problems.isEmpty() ? "" : "; cannot be used: " + String.join("; ", problems)));
        }
        return route;
    }
}
