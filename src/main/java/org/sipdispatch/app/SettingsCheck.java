package org.sipdispatch.app;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sipdispatch.settings.BadSetting;

/** Finds everything that is wrong with a configuration file, not only the first thing. */
final class SettingsCheck {
    private static final int MOST = 1000;
    private static final String NOT_GIVEN = "not-given-";
    private static final Pattern SUBSTITUTION = Pattern.compile("\\$\\{\\??([^}]*)}");

    private final Path file;
    private final Path home;
    private final List<Finding> findings = new ArrayList<>();
    /** The paths of what was found. */
    private final Set<String> told = new LinkedHashSet<>();

    private Config written;
    private Config resolved;
    private SettingsTree tree;
    private NodeSettings settings;

    private SettingsCheck(Path file, Path home) {
        this.file = file;
        this.home = home;
    }

    static SettingsCheck of(Path file, Path home) {
        SettingsCheck check = new SettingsCheck(file, home);
        check.check();
        return check;
    }

    /** In the order of the file. */
    List<Finding> findings() {
        return findings.stream().sorted(Comparator.comparingInt(Finding::line)).toList();
    }

    /** What is right of the settings; null if nothing can be made of them. */
    NodeSettings settings() {
        return settings;
    }

    /** A partition's key, its own or that of default; null for none, and for what is not given. */
    String partition(String name, String key) {
        for (String block : List.of(name, "default")) {
            Object value = tree.get(List.<Object>of("partitions", block, key));
            if (value != null) {
                return String.valueOf(value);
            }
        }
        return null;
    }

    /** Whether that text is one that the check put in place of what is missing or wrong. */
    static boolean isTakenAway(String text) {
        return text != null && (text.contains(NOT_GIVEN) || text.equals(Repair.NO_DATABASE));
    }

    /** Whether a socket was wrong, so that who names one by its address cannot be judged; names are kept. */
    boolean hasBadSocket() {
        return told.stream().anyMatch(path -> isAround("sockets", path));
    }

    /** Whether that setting, or something in it, was wrong. */
    boolean isTold(String outer) {
        return told.stream().anyMatch(path -> isAround(outer, path));
    }

    /** Where a setting stands, or what is around it. */
    Finding at(String path, boolean isError, String text) {
        ConfigOrigin origin = origin(path);
        String name = origin == null || origin.filename() == null ? file.toString() : origin.filename();
        return new Finding(name, origin == null ? 0 : Math.max(0, origin.lineNumber()), isError, text);
    }

    private void check() {
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            findings.add(Finding.error(file.toString(), 0, "a file that can be read is expected"));
            return;
        }
        try {
            written = ConfigFile.parsed(file);
            resolved = resolved();
        } catch (BadSetting e) {
            findings.add(Finding.error(file.toString(), 0, e.getMessage()));
            return;
        } catch (ConfigException e) {
            found(e, withoutPlace(e));
            return;
        }
        tree = new SettingsTree(resolved);
        read();
    }

    private void found(ConfigException e, String text) {
        ConfigOrigin origin = e.origin();
        String name = origin == null || origin.filename() == null ? file.toString() : origin.filename();
        findings.add(Finding.error(name, origin == null ? 0 : Math.max(0, origin.lineNumber()), text));
    }

    private static String withoutPlace(ConfigException e) {
        String message = String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
        String place = e.origin() == null ? "" : e.origin().description() + ": ";
        return message.startsWith(place) ? message.substring(place.length()) : message;
    }

    /** What no one gives becomes a text that is known again. */
    private Config resolved() {
        Config others = ConfigFactory.empty();
        for (int i = 0; i < MOST; i++) {
            try {
                return ConfigFile.resolved(written, others, home);
            } catch (ConfigException.UnresolvedSubstitution e) {
                Matcher name = SUBSTITUTION.matcher(String.valueOf(e.getMessage()));
                if (!name.find() || others.hasPath(name.group(1))) {
                    throw e;
                }
                found(e, "${" + name.group(1) + "}: nothing (expected: a value in the environment or the file)");
                others = others.withValue(name.group(1), ConfigValueFactory.fromAnyRef(NOT_GIVEN + i));
            }
        }
        throw new BadSetting("--config", file, "fewer than " + MOST + " values that are missing");
    }

    private void read() {
        Repair repair = new Repair(tree);
        Config config = resolved;
        for (int i = 0; i < MOST; i++) {
            try {
                settings = NodeSettings.from(config);
                return;
            } catch (BadSetting e) {
                boolean follows = follows(e);
                if (!follows) {
                    findings.add(at(e.key(), true, e.getMessage()));
                }
                boolean again = told.contains(e.key());
                told.add(e.key());
                if (!takeAway(repair, e, again)) {
                    return;
                }
                config = tree.config();
            } catch (ConfigException e) {
                found(e, withoutPlace(e));
                return;
            }
        }
    }

    private boolean takeAway(Repair repair, BadSetting e, boolean again) {
        // A partition whose name is bad is told by the block around it.
        Matcher partition =
                Pattern.compile("^partitions: (.*) \\(expected: a name of .*").matcher(e.getMessage());
        if (partition.matches()) {
            tree.set(List.of("partitions", partition.group(1)), null);
            return true;
        }
        return repair.takeAway(e.key(), again);
    }

    /** Whether it is only so since something else was taken away. */
    private boolean follows(BadSetting e) {
        String message = e.getMessage();
        boolean around = told.stream().anyMatch(path -> isAround(e.key(), path));
        boolean hash =
                message.contains("hash_pvar to be set") && told.stream().anyMatch(path -> path.endsWith("hash_pvar"));
        boolean named = e.key().endsWith(".socket") || e.key().endsWith("ds_probing_sock");
        boolean byAddress = message.contains(": udp:") || message.contains(": tcp:");
        boolean socket = named && hasBadSocket() && (byAddress || told.contains("sockets"));
        return around || hash || socket || message.contains(NOT_GIVEN);
    }

    private static boolean isAround(String outer, String inner) {
        return inner.equals(outer) || inner.startsWith(outer + ".") || inner.startsWith(outer + "[");
    }

    private ConfigOrigin origin(String path) {
        try {
            ConfigValue here = written.root().get(ConfigFile.ROOT);
            ConfigOrigin origin = here.origin();
            for (Object step : new SettingsTree(resolved).steps(path)) {
                here = here instanceof ConfigObject block
                        ? block.get(step)
                        : here instanceof ConfigList list && step instanceof Integer place && place < list.size()
                                ? list.get(place)
                                : null;
                if (here == null) {
                    return origin;
                }
                origin = here.origin();
            }
            return origin;
        } catch (ConfigException e) {
            // Where substitutions are merged only the whole knows.
            return null;
        }
    }
}
