package org.sipdispatch.app;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sipdispatch.routing.RuleWarnings;
import org.sipdispatch.settings.Problems;
import org.sipdispatch.settings.Section;
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.settings.SpellingSuggestions;
import org.sipdispatch.transport.SocketSettings;

/** Finds all problems of a configuration file, not only the first one. */
final class SettingsCheck {
    private static final int MOST = 1000;
    private static final String UNDEFINED = "not-given-";
    private static final Pattern SUBSTITUTION = Pattern.compile("\\$\\{\\??([^}]*)}");
    private static final Pattern LIST_URL = Pattern.compile("partitions\\..*\\.db_url");
    private static final Pattern PLACE = Pattern.compile("\\[(\\d{1,6})]\\.?(.*)");

    private final Path file;
    private final Path home;
    /** Whether the files of lists, certificates and keys are on this host. */
    private final boolean hasLists;

    private final Problems problems = new Problems();
    private final List<CheckFinding> findings = new ArrayList<>();
    private Config written;
    private Config resolved;
    private NodeSettings settings;

    private SettingsCheck(Path file, Path home, boolean hasLists) {
        this.file = file;
        this.home = home;
        this.hasLists = hasLists;
    }

    static SettingsCheck of(Path file, Path home) {
        return of(file, home, true);
    }

    /** The same check; without lists, it is not an error if this host does not have their files. */
    static SettingsCheck of(Path file, Path home, boolean hasLists) {
        SettingsCheck check = new SettingsCheck(file, home, hasLists);
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            check.findings.add(CheckFinding.error(file.toString(), 0, "a file that can be read is expected"));
            return check;
        }
        try {
            check.read();
        } catch (SettingException e) {
            check.findings.add(CheckFinding.error(file.toString(), 0, e.getMessage()));
        } catch (ConfigException e) {
            check.addFinding(e, ConfigFile.description(e));
        }
        check.problems.all().forEach(one -> check.findings.add(check.at(one.key(), true, one.getMessage())));
        check.addWarnings();
        return check;
    }

    private void read() {
        written = ConfigFile.parsed(file);
        resolved = resolved();
        suppress(resolved.root(), "");
        Config defaults = ConfigFactory.defaultReference().getConfig(ConfigFile.ROOT);
        Section root = Section.root(resolved, defaults, problems);
        settings = NodeSettings.from(resolved, root);
        if (hasLists && !problems.has("cluster")) {
            root.check(settings.cluster()::checkFiles);
        }
        if (hasLists && !problems.has("management")) {
            root.check(() -> settings.management().checkFiles(settings.cluster().tls()));
        }
    }

    private void addWarnings() {
        SpellingSuggestions.similar(
                        ConfigFile.ROOT,
                        written == null ? List.of() : written.root().keySet())
                .stream()
                .filter(key -> !key.equals(ConfigFile.ROOT))
                .forEach(key -> findings.add(at(
                        written.root().get(key).origin(),
                        false,
                        key + ": another block, not read (expected: " + ConfigFile.ROOT + ")")));
        if (settings != null) {
            if (hasLists) {
                findings.addAll(ReadableSecrets.findings(resolved, settings));
            }
            AdjacentBlockCheck.of(file).forEach(findings::add);
            RepeatedKeyCheck.of(file).forEach(findings::add);
            new ProbingWarnings(settings, this::textOf)
                    .all().stream()
                            .filter(one -> !problems.has(one.key()))
                            .forEach(one -> findings.add(at(one.key(), false, one.getMessage())));
            RuleWarnings.of(settings.routing().rules(), problems::has).stream()
                    .filter(one -> !problems.has(one.path()))
                    .forEach(one -> findings.add(at(one.path(), false, one.message())));
        }
    }

    /** The problems in the order of the file. */
    List<CheckFinding> findings() {
        return findings.stream()
                .sorted(Comparator.comparingInt(CheckFinding::line))
                .toList();
    }

    /** The valid settings, with defaults for the others; null if the file cannot be read. */
    NodeSettings settings() {
        return settings;
    }

    /** Whether the setting, or a setting inside it, is invalid. */
    boolean isInvalid(String path) {
        return problems.has(path);
    }

    /** The path of a partition's key: in its own block, or in the block {@code default}. */
    String pathOf(String partition, String key) {
        return "partitions." + blockOf(partition, key) + "." + key;
    }

    /** The value of the key as text; null if it is missing. */
    String textOf(String partition, String key) {
        return textOf(ConfigUtil.joinPath("partitions", blockOf(partition, key), key));
    }

    /** The text at this path; null if it is missing. */
    String textOf(String path) {
        return resolved.hasPath(path) ? String.valueOf(resolved.getValue(path).unwrapped()) : null;
    }

    /** The sockets that this host cannot bind because of their address. */
    List<SettingException> foreignAddresses() {
        Section root = Section.root(resolved);
        if (!root.isBlock("sockets")) {
            return List.of();
        }
        return SocketSettings.foreignAddresses(root, settings.sockets()).stream()
                .filter(one -> !problems.has(one.key()))
                .toList();
    }

    private String blockOf(String partition, String key) {
        return resolved.hasPath(ConfigUtil.joinPath("partitions", partition, key)) ? partition : "default";
    }

    private void addFinding(ConfigException e, String text) {
        findings.add(at(e.origin(), true, text));
    }

    /**
     * The configuration with all substitutions resolved. An undefined one becomes a marker text, which is recognised
     * later.
     */
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
                addFinding(e, "${" + name.group(1) + "}: nothing (expected: a value in the environment or the file)");
                others = others.withValue(name.group(1), ConfigValueFactory.fromAnyRef(UNDEFINED + i));
            }
        }
        throw new SettingException("--config", file, "fewer than " + MOST + " values that are missing");
    }

    /**
     * Suppresses problems of settings that contain such a marker, because the missing value is reported already, and of
     * list files that are not on this host.
     */
    private void suppress(ConfigValue value, String path) {
        if (value instanceof ConfigObject block) {
            block.forEach((key, inner) -> suppress(inner, path.isEmpty() ? key : path + "." + key));
        } else if (value instanceof ConfigList list) {
            for (int i = 0; i < list.size(); i++) {
                suppress(list.get(i), path + "[" + i + "]");
            }
        } else {
            String text = String.valueOf(value.unwrapped());
            if (text.contains(UNDEFINED) || !hasLists && LIST_URL.matcher(path).matches() && text.startsWith("file:")) {
                problems.suppress(path);
            }
        }
    }

    /** Adds the position of the setting in the file, or that of the block around it. */
    CheckFinding at(String path, boolean isError, String text) {
        try {
            return at(origin(written.root().get(ConfigFile.ROOT), path), isError, text);
        } catch (ConfigException e) {
            // The value of a merged substitution has no position of its own.
            return at((ConfigOrigin) null, isError, text);
        }
    }

    private CheckFinding at(ConfigOrigin origin, boolean isError, String text) {
        String name = origin == null || origin.filename() == null ? file.toString() : origin.filename();
        return new CheckFinding(name, origin == null ? 0 : Math.max(0, origin.lineNumber()), isError, text);
    }

    /** Follows a path such as {@code rules[0].when.source} as far as the values exist. */
    private static ConfigOrigin origin(ConfigValue value, String path) {
        Matcher place = PLACE.matcher(path);
        if (value instanceof ConfigList list && place.matches() && Integer.parseInt(place.group(1)) < list.size()) {
            return origin(list.get(Integer.parseInt(place.group(1))), place.group(2));
        }
        if (value instanceof ConfigObject block) {
            // Keys may contain dots, so select the longest match.
            String key = block.keySet().stream()
                    .filter(one -> (path + ".").startsWith(one + ".") || path.startsWith(one + "["))
                    .max(Comparator.comparingInt(String::length))
                    .orElse(null);
            if (key != null) {
                return origin(block.get(key), path.substring(key.length()).replaceFirst("^\\.", ""));
            }
        }
        return value.origin();
    }
}
