package org.sipdispatch.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * One block of the configuration, read key by key. Every invalid value is a {@link BadSetting} with its full path, and
 * {@link #refuseUnknown()} reports keys that were not read, which are spelling mistakes.
 */
public final class Section {
    private final Config config;
    private final String path;
    private final Set<String> asked = new LinkedHashSet<>();

    private Section(Config config, String path) {
        this.config = config;
        this.path = path;
    }

    /** The whole configuration of this program; paths in messages omit the program's name. */
    public static Section root(Config config) {
        return new Section(config, "");
    }

    /** A section of texts from a source other than the configuration. */
    public static Section of(String path, Map<String, String> texts) {
        return new Section(ConfigValueFactory.fromMap(texts).toConfig(), path);
    }

    /** The full path of a key in this section. */
    public String path(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /** The path of the section. */
    public String path() {
        return path;
    }

    /** All keys, sorted. */
    public List<String> keys() {
        return config.root().keySet().stream().sorted().toList();
    }

    /** Whether the key has a value; a null value counts as none. */
    public boolean has(String key) {
        asked.add(key);
        return config.hasPath(quoted(key));
    }

    public Section section(String key) {
        asked.add(key);
        ConfigValue value = config.root().get(key);
        if (value instanceof ConfigObject object) {
            return new Section(object.toConfig(), path(key));
        }
        throw new BadSetting(path(key), shown(value), "a block { ... }");
    }

    /** The block at a key, an empty one if there is none. */
    public Section sectionOrEmpty(String key) {
        return has(key) ? section(key) : new Section(com.typesafe.config.ConfigFactory.empty(), path(key));
    }

    /** A list of blocks; the path of each contains its index, from 0. */
    public List<Section> sections(String key) {
        asked.add(key);
        List<? extends ConfigValue> values =
                get(key, "a list of blocks [ { ... } ]", () -> config.getList(quoted(key)));
        List<Section> sections = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            String place = path(key) + "[" + i + "]";
            if (values.get(i) instanceof ConfigObject object) {
                sections.add(new Section(object.toConfig(), place));
            } else {
                throw new BadSetting(place, shown(values.get(i)), "a block { ... }");
            }
        }
        return sections;
    }

    public boolean isBlock(String key) {
        return config.root().get(key) instanceof ConfigObject;
    }

    public String text(String key) {
        asked.add(key);
        return get(key, "a text", () -> config.getString(quoted(key)));
    }

    public String textOr(String key, String otherwise) {
        return has(key) ? text(key) : otherwise;
    }

    /** A list of texts, or a single text. */
    public List<String> texts(String key) {
        asked.add(key);
        ConfigValue value = config.root().get(key);
        if (value != null && value.valueType() != ConfigValueType.LIST) {
            return List.of(text(key));
        }
        return get(key, "a list of texts", () -> config.getStringList(quoted(key)));
    }

    /** On or off; also 1 and 0, as in OpenSIPS. */
    public boolean flag(String key) {
        asked.add(key);
        String text = get(key, "on or off", () -> config.getString(quoted(key)));
        return text.equals("1") || !text.equals("0") && get(key, "on or off", () -> config.getBoolean(quoted(key)));
    }

    public int integer(String key, int least, int most) {
        asked.add(key);
        String expected = "a whole number from " + least + " to " + most;
        // getInt would truncate a fraction.
        double value = get(key, expected, () -> config.getDouble(quoted(key)));
        if (value != Math.rint(value) || value < least || value > most) {
            throw new BadSetting(path(key), shown(config.root().get(key)), expected);
        }
        return (int) value;
    }

    /** A size in bytes, such as 64KiB; both bounds are inclusive. */
    public int bytes(String key, int least, int most) {
        asked.add(key);
        String expected = "a size from " + least + " to " + most + " bytes";
        long value = get(key, expected, () -> config.getBytes(quoted(key)));
        if (value < least || value > most) {
            throw new BadSetting(path(key), shown(config.root().get(key)), expected);
        }
        return (int) value;
    }

    /** A duration with a unit, such as 500ms, 2s or 3 minutes; both bounds are inclusive. */
    public Duration duration(String key, Duration least, Duration most) {
        asked.add(key);
        String expected = "a time with its unit from " + told(least) + " to " + told(most);
        Duration value = get(key, expected, () -> config.getDuration(quoted(key)));
        // HOCON reads a bare number as milliseconds, but OpenSIPS users mean seconds.
        if (isBareNumber(key) || value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new BadSetting(path(key), shown(config.root().get(key)), expected);
        }
        return value;
    }

    /** A duration such as 500ms or 2s; a bare whole number means seconds, as in OpenSIPS. */
    public Duration period(String key, Duration least, Duration most) {
        asked.add(key);
        String expected = "seconds, or a time with its unit, from " + told(least) + " to " + told(most);
        boolean bare = isBareNumber(key);
        Duration value = get(
                key,
                expected,
                () -> bare ? Duration.ofSeconds(config.getLong(quoted(key))) : config.getDuration(quoted(key)));
        boolean cut = bare && !shown(config.root().get(key)).strip().matches("[-+]?[0-9]+");
        if (cut || value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new BadSetting(path(key), shown(config.root().get(key)), expected);
        }
        return value;
    }

    private boolean isBareNumber(String key) {
        return shown(config.root().get(key)).strip().matches("[-+0-9.eE]+");
    }

    /** A constant of an enumeration, written in lower case with hyphens. */
    public <E extends Enum<E>> E choice(String key, Class<E> type) {
        String text = text(key);
        for (E constant : type.getEnumConstants()) {
            if (spelled(constant).equalsIgnoreCase(text)) {
                return constant;
            }
        }
        List<String> all =
                Arrays.stream(type.getEnumConstants()).map(Section::spelled).toList();
        throw new BadSetting(path(key), text, "one of " + String.join(", ", all));
    }

    private static String spelled(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Must be called after all keys of this section were read. */
    public void refuseUnknown() {
        for (String key : keys()) {
            if (!asked.contains(key)) {
                throw new BadSetting(path(key), shown(config.root().get(key)), "one of the keys " + knownKeys());
            }
        }
    }

    private String knownKeys() {
        return String.join(", ", asked);
    }

    private <T> T get(String key, String expected, Supplier<T> getter) {
        try {
            return getter.get();
        } catch (ConfigException e) {
            throw new BadSetting(path(key), shown(config.root().get(key)), expected);
        }
    }

    private static String shown(ConfigValue value) {
        return value == null ? "nothing" : String.valueOf(value.unwrapped());
    }

    /** A duration as messages show it: {@code 500ms}, {@code 2s}. */
    public static String told(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }

    private static String quoted(String key) {
        return ConfigUtil.quoteString(key);
    }
}
