package org.sipdispatch.settings;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Collects the problems of a configuration while it is read; the reader continues with the default. Keeps one problem
 * for each setting, and none for a block that contains one, because that may be a consequence only.
 */
public class Problems {
    /** Throws the first problem. */
    static final Problems THROW_FIRST = new Problems() {
        @Override
        void add(SettingException problem) {
            throw problem;
        }

        @Override
        void addOfBlock(SettingException problem) {
            throw problem;
        }
    };

    private final List<SettingException> all = new ArrayList<>();
    private final Set<String> bad = new HashSet<>();

    /** The problems in the order in which they were found. */
    public List<SettingException> all() {
        return List.copyOf(all);
    }

    /** Marks a setting whose problem is reported elsewhere, so that its invalid value is not reported. */
    public void suppress(String path) {
        bad.add(path);
    }

    /** Whether the setting, or a setting inside it, is invalid. */
    public boolean has(String path) {
        return bad.stream()
                .anyMatch(one -> one.equals(path) || one.startsWith(path + ".") || one.startsWith(path + "["));
    }

    /** Adds a problem of a block that is no consequence of those inside it, such as that of its name. */
    void addOfBlock(SettingException problem) {
        if (bad.add(problem.key())) {
            all.add(problem);
        }
    }

    void add(SettingException problem) {
        if (!has(problem.key())) {
            bad.add(problem.key());
            all.add(problem);
        }
    }
}
