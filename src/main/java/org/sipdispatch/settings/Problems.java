package org.sipdispatch.settings;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Collects what is wrong with a configuration while it is read; the reader goes on with the default. One problem is kept
 * for each setting, and none for a block that has one inside: that may only be a consequence.
 */
public class Problems {
    /** Throws the first problem. */
    static final Problems STOP = new Problems() {
        @Override
        void add(SettingException problem) {
            throw problem;
        }
    };

    private final List<SettingException> all = new ArrayList<>();
    private final Set<String> bad = new HashSet<>();

    /** In the order in which they were found. */
    public List<SettingException> all() {
        return List.copyOf(all);
    }

    /** A setting is known to have no usable value; what is wrong with it is reported elsewhere. */
    public void expect(String path) {
        bad.add(path);
    }

    /** Whether that setting, or something in it, is wrong. */
    public boolean has(String path) {
        return bad.stream()
                .anyMatch(one -> one.equals(path) || one.startsWith(path + ".") || one.startsWith(path + "["));
    }

    void add(SettingException problem) {
        if (!has(problem.key())) {
            bad.add(problem.key());
            all.add(problem);
        }
    }
}
