package org.sipdispatch.proxy;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Counts the objects that an object keeps from the collector. It follows the fields of this project's classes, and the
 * elements of arrays and collections; an object of another library counts without what it refers to.
 */
final class HeldObjects {
    private static final String PROJECT = "org.sipdispatch.";

    private final Set<Object> found = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Deque<Object> open = new ArrayDeque<>();
    private final Map<String, Integer> counts = new TreeMap<>();

    private final Predicate<Class<?>> skipped;

    private HeldObjects(Predicate<Class<?>> skipped) {
        this.skipped = skipped;
    }

    /**
     * The number of objects of each class.
     *
     * @param skipped whether objects of a class are skipped, with all that only they refer to
     */
    static Map<String, Integer> of(Object root, Predicate<Class<?>> skipped) {
        HeldObjects held = new HeldObjects(skipped);
        held.add(root);
        while (!held.open.isEmpty()) {
            held.follow(held.open.pop());
        }
        return held.counts;
    }

    /** How many more there are of each class, without those of which there are as many. */
    static Map<String, Integer> added(Map<String, Integer> before, Map<String, Integer> after) {
        Map<String, Integer> added = new TreeMap<>(after);
        before.forEach((type, count) -> added.merge(type, -count, Integer::sum));
        added.values().removeIf(count -> count == 0);
        return added;
    }

    private void add(Object one) {
        if (one != null && !skipped.test(one.getClass()) && found.add(one)) {
            counts.merge(one.getClass().getTypeName(), 1, Integer::sum);
            open.push(one);
        }
    }

    private void follow(Object one) {
        if (one instanceof Object[] array) {
            for (Object element : array) {
                add(element);
            }
        } else if (one.getClass().getName().startsWith(PROJECT)) {
            for (Class<?> type = one.getClass(); type.getName().startsWith(PROJECT); type = type.getSuperclass()) {
                for (Field field : type.getDeclaredFields()) {
                    if (!Modifier.isStatic(field.getModifiers())
                            && !field.getType().isPrimitive()) {
                        add(value(field, one));
                    }
                }
            }
        } else if (one instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                add(key);
                add(value);
            });
        } else if (one instanceof Collection<?> collection) {
            collection.forEach(element -> add(element));
        }
    }

    private static Object value(Field field, Object of) {
        try {
            field.setAccessible(true);
            return field.get(of);
        } catch (IllegalAccessException e) {
            throw new AssertionError(field.toString(), e);
        }
    }
}
