package org.sipdispatch.app;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Settings that can be changed one by one. A path is written as messages write it: {@code rules[0].when.source}. */
final class SettingsTree {
    private final Map<String, Object> root;

    SettingsTree(Config config) {
        root = block(config.root().unwrapped());
    }

    private static Map<String, Object> block(Map<?, ?> from) {
        Map<String, Object> copy = new LinkedHashMap<>();
        from.forEach((key, value) -> copy.put(String.valueOf(key), copy(value)));
        return copy;
    }

    private static Object copy(Object value) {
        if (value instanceof Map<?, ?> map) {
            return block(map);
        }
        if (value instanceof List<?> list) {
            List<Object> copy = new ArrayList<>();
            list.forEach(item -> copy.add(copy(item)));
            return copy;
        }
        return value;
    }

    Config config() {
        return ConfigValueFactory.fromMap(root).toConfig();
    }

    /** The keys and places in lists that lead there, as far as there is something. */
    List<Object> steps(String path) {
        List<Object> steps = new ArrayList<>();
        Object here = root;
        String rest = path;
        while (!rest.isEmpty()) {
            Object step = here instanceof Map<?, ?> map ? key(map, rest) : here instanceof List<?> ? place(rest) : null;
            if (step == null) {
                break;
            }
            Object next = at(here, step);
            if (next == null) {
                break;
            }
            steps.add(step);
            int length = step instanceof Integer place ? String.valueOf(place).length() + 2 : ((String) step).length();
            rest = rest.substring(length).replaceFirst("^\\.", "");
            here = next;
        }
        return steps;
    }

    /** Whether there is something at that very path. */
    boolean has(String path) {
        return written(steps(path)).equals(path);
    }

    static String written(List<Object> steps) {
        StringBuilder path = new StringBuilder();
        for (Object step : steps) {
            if (step instanceof Integer place) {
                path.append('[').append(place).append(']');
            } else {
                path.append(path.length() == 0 ? "" : ".").append(step);
            }
        }
        return path.toString();
    }

    /** Keys may hold dots, so the longest one that fits is meant. */
    private static String key(Map<?, ?> map, String rest) {
        String longest = null;
        for (Object one : map.keySet()) {
            String key = (String) one;
            boolean fits = rest.equals(key) || rest.startsWith(key + ".") || rest.startsWith(key + "[");
            if (fits && (longest == null || key.length() > longest.length())) {
                longest = key;
            }
        }
        return longest;
    }

    private static Integer place(String rest) {
        return rest.matches("\\[\\d{1,6}].*") ? Integer.valueOf(rest.substring(1, rest.indexOf(']'))) : null;
    }

    private static Object at(Object here, Object step) {
        if (here instanceof Map<?, ?> map) {
            return map.get(step);
        }
        List<?> list = (List<?>) here;
        int place = (Integer) step;
        return place < list.size() ? list.get(place) : null;
    }

    Object get(List<Object> steps) {
        Object here = root;
        for (Object step : steps) {
            here = here == null ? null : at(here, step);
        }
        return here;
    }

    /** Sets a value in a block or list that exists; null removes a key. */
    @SuppressWarnings("unchecked")
    void set(List<Object> steps, Object value) {
        Object holder = get(steps.subList(0, steps.size() - 1));
        Object last = steps.get(steps.size() - 1);
        if (holder instanceof List<?>) {
            ((List<Object>) holder).set((Integer) last, copy(value));
        } else if (value == null) {
            ((Map<String, Object>) holder).remove(last);
        } else {
            ((Map<String, Object>) holder).put((String) last, copy(value));
        }
    }
}
