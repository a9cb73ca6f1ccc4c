package org.sipdispatch;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The knots of a package: the strongly connected components of its top-level types, where one type depends on another
 * if any class in its file does. A sealed type and its cases are one type, since they cannot but know each other.
 */
final class Knots {
    private final Map<String, Set<String>> uses = new TreeMap<>();
    private final Map<String, String> sealedParents = new HashMap<>();

    private Knots(JavaClasses classes, String packageName) {
        for (JavaClass type : classes) {
            if (type.getPackageName().equals(packageName)) {
                notePermitted(type);
            }
        }
        for (JavaClass type : classes) {
            if (type.getPackageName().equals(packageName)) {
                Set<String> used = uses.computeIfAbsent(node(type), unused -> new TreeSet<>());
                for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                    JavaClass target = dependency.getTargetClass().getBaseComponentType();
                    if (target.getPackageName().equals(packageName)) {
                        used.add(node(target));
                    }
                }
            }
        }
    }

    /** All knots of two types or more. */
    static Set<Set<String>> of(JavaClasses classes, String packageName) {
        return new Knots(classes, packageName).components();
    }

    private void notePermitted(JavaClass type) {
        Class<?>[] cases = type.reflect().getPermittedSubclasses();
        if (cases != null) {
            for (Class<?> one : cases) {
                sealedParents.put(file(one.getName()), file(type.getName()));
            }
        }
    }

    private String node(JavaClass type) {
        String name = file(type.getName());
        Set<String> seen = new HashSet<>();
        while (sealedParents.containsKey(name) && seen.add(name)) {
            name = sealedParents.get(name);
        }
        return name;
    }

    private static String file(String className) {
        String simple = className.substring(className.lastIndexOf('.') + 1);
        int nested = simple.indexOf('$');
        return nested < 0 ? simple : simple.substring(0, nested);
    }

    private Set<Set<String>> components() {
        Map<String, Set<String>> reached = new HashMap<>();
        uses.keySet().forEach(type -> reached.put(type, reachedFrom(type)));
        Set<Set<String>> knots = new LinkedHashSet<>();
        for (String type : uses.keySet()) {
            Set<String> knot = new TreeSet<>(reached.get(type));
            knot.removeIf(other -> !reached.get(other).contains(type));
            if (knot.size() > 1) {
                knots.add(knot);
            }
        }
        return knots;
    }

    private Set<String> reachedFrom(String type) {
        Set<String> reached = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(uses.get(type));
        while (!open.isEmpty()) {
            String next = open.pop();
            if (reached.add(next)) {
                open.addAll(uses.getOrDefault(next, Set.of()));
            }
        }
        reached.retainAll(uses.keySet());
        return reached;
    }
}
