package org.sipdispatch.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One block of the configuration, read key by key. Every invalid value is a {@link SettingException} with its full
 * path. {@link #refuseUnknown()} reports keys that were not read, which are spelling mistakes. A section either throws
 * the first problem, or collects all as {@link Problems} and continues with the default.
 */
public final class Section {
    private static final String BLOCK = "a block { ... }";
    private static final String BLOCKS = "a list of blocks [ { ... } ]";

    /** The units of HOCON, short and long. */
    private static final String UNITS =
            "(?:ns|us|ms|s|m|h|d|nanos?|nanoseconds?|micros?|microseconds?|millis?|milliseconds?|seconds?|minutes?|hours?|days?)$";

    private static final String UNKNOWN = "an unknown key";

    private final Config config;
    private final String path;
    /** The same block of the defaults; null for none. */
    private final Section defaults;

    private final Problems problems;
    private final Set<String> readKeys = new LinkedHashSet<>();

    private Section(Config config, String path, Section defaults, Problems problems) {
        this.config = config;
        this.path = path;
        this.defaults = defaults;
        this.problems = problems;
    }

    /** The whole configuration of this program; paths in messages omit the program's name. */
    public static Section root(Config config) {
        return new Section(config, "", null, Problems.THROW_FIRST);
    }

    /** The same, but collects all problems; {@code defaults} replace invalid values. */
    public static Section root(Config config, Config defaults, Problems problems) {
        return new Section(config, "", root(defaults), problems);
    }

    /** A section of texts from a source other than the configuration. */
    public static Section of(String path, Map<String, String> texts) {
        return new Section(ConfigValueFactory.fromMap(texts).toConfig(), path, null, Problems.THROW_FIRST);
    }

    /**
     * Refuses the value of a key: throws a {@link SettingException}, or adds it to the collected problems.
     *
     * @param key empty for the block itself
     */
    public void refuse(String key, Object value, String expected) {
        problems.add(new SettingException(key.isEmpty() ? path : path(key), value, expected));
    }

    /** Refuses a block as a whole, such as for its name, even if something in it was refused. */
    public void refuseBlock(String key, Object value, String expected) {
        problems.addOfBlock(new SettingException(path(key), value, expected));
    }

    /**
     * The result of {@code reading}; {@code otherwise} if it throws a {@link SettingException} while problems are
     * collected.
     */
    public <T> T attempt(T otherwise, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (SettingException e) {
            problems.add(e);
            return otherwise;
        }
    }

    /** The same for a check without a result. */
    public void check(Runnable check) {
        attempt(null, () -> {
            check.run();
            return null;
        });
    }

    /** Whether the key, or a key inside it, was refused before. Always false if the first problem is thrown. */
    public boolean isInvalid(String key) {
        return problems.has(path(key));
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
        readKeys.add(key);
        return config.hasPath(quoted(key));
    }

    public Section section(String key) {
        readKeys.add(key);
        ConfigValue value = config.root().get(key);
        Section below = defaults != null && defaults.isBlock(key) ? defaults.section(key) : null;
        if (value instanceof ConfigObject object) {
            return new Section(object.toConfig(), path(key), below, problems);
        }
        refuse(key, shape(value), BLOCK);
        // Missing keys inside the default are a consequence only.
        return new Section(below == null ? ConfigFactory.empty() : below.config, path(key), null, new Problems());
    }

    /** The block at a key; an empty one if it is missing. */
    public Section sectionOrEmpty(String key) {
        return has(key) ? section(key) : new Section(ConfigFactory.empty(), path(key), null, problems);
    }

    /** A list of blocks; the path of each contains its index, from 0. */
    public List<Section> sections(String key) {
        ConfigValue value = config.root().get(key);
        boolean isText = value != null && value.valueType() != ConfigValueType.LIST;
        if (isText) {
            readKeys.add(key);
            refuse(key, shape(value), BLOCKS);
        }
        List<? extends ConfigValue> values =
                isText ? List.of() : read(key, BLOCKS, from -> from.getList(quoted(key)), List.of());
        List<Section> sections = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            String place = key + "[" + i + "]";
            if (values.get(i) instanceof ConfigObject object) {
                sections.add(new Section(object.toConfig(), path(place), null, problems));
            } else {
                refuse(place, shape(values.get(i)), BLOCK);
            }
        }
        return sections;
    }

    public boolean isBlock(String key) {
        return config.root().get(key) instanceof ConfigObject;
    }

    public String text(String key) {
        return read(key, "a text", from -> from.getString(quoted(key)), "");
    }

    public String textOr(String key, String otherwise) {
        return has(key) ? text(key) : otherwise;
    }

    /** A text that no message may show; null if it is missing. */
    public String secret(String key) {
        try {
            return has(key) ? config.getString(quoted(key)) : null;
        } catch (ConfigException e) {
            refuse(key, "something else", "a text");
            return null;
        }
    }

    /** The same with a default. */
    public String secretOr(String key, String otherwise) {
        String secret = secret(key);
        return secret == null ? otherwise : secret;
    }

    /** Texts that no message may show, a list or a single one. */
    public List<String> secrets(String key) {
        try {
            return isScalar(config.root().get(key))
                    ? Stream.ofNullable(secret(key)).toList()
                    : has(key) ? config.getStringList(quoted(key)) : List.of();
        } catch (ConfigException e) {
            refuse(key, "something else", "a text or a list of texts");
            return List.of();
        }
    }

    /** A list of texts, or a single text. */
    public List<String> texts(String key) {
        ConfigValue value = config.root().get(key);
        if (value != null && value.valueType() != ConfigValueType.LIST) {
            String text = read(key, "a text", from -> from.getString(quoted(key)), null);
            return text == null ? List.of() : List.of(text);
        }
        return read(key, "a list of texts", from -> from.getStringList(quoted(key)), List.of());
    }

    /** The same texts by their paths: those of a list have an index, so that each of them can be refused. */
    public Map<String, String> textsByPath(String key) {
        List<String> texts = texts(key);
        boolean isList = !isScalar(config.root().get(key));
        Map<String, String> byPath = new LinkedHashMap<>();
        for (String text : texts) {
            byPath.put(isList ? path(key) + "[" + byPath.size() + "]" : path(key), text);
        }
        return byPath;
    }

    /** On or off; also 1 and 0, as in OpenSIPS. */
    public boolean flag(String key) {
        return read(
                key,
                "on or off",
                from -> {
                    String text = from.getString(quoted(key));
                    return text.equals("1") || !text.equals("0") && from.getBoolean(quoted(key));
                },
                false);
    }

    public int integer(String key, int least, int most) {
        // getInt would truncate a fraction.
        return read(
                        key,
                        "a whole number from " + least + " to " + most,
                        from -> from.getDouble(quoted(key)),
                        value -> value == Math.rint(value) && value >= least && value <= most,
                        (double) least)
                .intValue();
    }

    /** A size in bytes, such as 64KiB; both bounds are inclusive. */
    public int bytes(String key, int least, int most) {
        return read(
                        key,
                        "a size from " + least + " to " + most + " bytes",
                        from -> from.getBytes(quoted(key)),
                        value -> value >= least && value <= most,
                        (long) least)
                .intValue();
    }

    /** A duration with a unit, such as 500ms, 2s or 3 minutes; both bounds are inclusive. */
    public Duration duration(String key, Duration least, Duration most) {
        // HOCON reads a bare number as milliseconds, but OpenSIPS users mean seconds.
        return read(
                key,
                "a time with its unit from " + format(least) + " to " + format(most) + unitHint(key),
                from -> isBareNumber(from, key) ? null : from.getDuration(quoted(key)),
                value -> value != null && value.compareTo(least) >= 0 && value.compareTo(most) <= 0,
                least);
    }

    /** A duration such as 500ms or 2s; a bare whole number means seconds, as in OpenSIPS. */
    public Duration period(String key, Duration least, Duration most) {
        boolean cut = isBareNumber(config, key)
                && !describe(config.root().get(key)).strip().matches("[-+]?[0-9]+");
        return read(
                key,
                "seconds, or a time with its unit, from " + format(least) + " to " + format(most) + unitHint(key),
                from -> isBareNumber(from, key)
                        ? Duration.ofSeconds(from.getLong(quoted(key)))
                        : from.getDuration(quoted(key)),
                value -> !cut && value.compareTo(least) >= 0 && value.compareTo(most) <= 0,
                least);
    }

    /** Lists units if the value is a number with another one. */
    private String unitHint(String key) {
        return describe(config.root().get(key)).strip().matches("[0-9.]+\\s*(?!" + UNITS + ")[A-Za-z]+")
                ? "; the units are ms, s, m, h and d"
                : "";
    }

    private static boolean isBareNumber(Config from, String key) {
        return describe(from.root().get(key)).strip().matches("[-+0-9.eE]+");
    }

    /** A constant of an enumeration, written in lower case with hyphens. */
    public <E extends Enum<E>> E choice(String key, Class<E> type) {
        E[] all = type.getEnumConstants();
        String text = text(key);
        for (E constant : all) {
            if (optionName(constant).equalsIgnoreCase(text)) {
                return constant;
            }
        }
        refuse(
                key,
                text,
                "one of " + Arrays.stream(all).map(Section::optionName).collect(Collectors.joining(", ")));
        return defaults != null && defaults.has(key) ? defaults.choice(key, type) : all[0];
    }

    private static String optionName(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Must be called after all keys of this section were read. Does not show the values of unknown keys, because a
     * misspelled key may hold a password.
     */
    public void refuseUnknown() {
        for (String key : keys()) {
            if (!readKeys.contains(key)) {
                refuse(
                        key,
                        UNKNOWN,
                        "one of the keys " + String.join(", ", readKeys) + SpellingSuggestions.hint(key, readKeys));
            }
        }
    }

    /** Refuses all keys except the given ones; does not show their values either. */
    public void refuseUnknown(List<String> known) {
        for (String key : keys()) {
            if (!known.contains(key)) {
                refuse(key, UNKNOWN, "one of " + String.join(", ", known) + SpellingSuggestions.hint(key, known));
            }
        }
    }

    private <T> T read(String key, String expected, Function<Config, T> getter, T otherwise) {
        return read(key, expected, getter, value -> true, otherwise);
    }

    private <T> T read(String key, String expected, Function<Config, T> getter, Predicate<T> isRight, T otherwise) {
        readKeys.add(key);
        try {
            T value = getter.apply(config);
            if (isRight.test(value)) {
                return value;
            }
        } catch (ConfigException e) {
            // refused below
        }
        ConfigValue value = config.root().get(key);
        refuse(key, isScalar(value) ? describe(value) : shape(value), expected);
        return defaults != null && defaults.has(key) ? getter.apply(defaults.config) : otherwise;
    }

    private static boolean isScalar(ConfigValue value) {
        return value != null
                && value.valueType() != ConfigValueType.OBJECT
                && value.valueType() != ConfigValueType.LIST;
    }

    /** The shape of a value only: a block or a list may contain passwords, and so may a text where a block belongs. */
    private static String shape(ConfigValue value) {
        if (value == null || value.valueType() == ConfigValueType.NULL) {
            return "nothing";
        }
        return isScalar(value) ? "a single value" : value.valueType() == ConfigValueType.LIST ? "a list" : "a block";
    }

    private static String describe(ConfigValue value) {
        return value == null ? "nothing" : String.valueOf(value.unwrapped());
    }

    /** A duration as messages show it: {@code 500ms}, {@code 2s}. */
    public static String format(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }

    private static String quoted(String key) {
        return ConfigUtil.quoteString(key);
    }
}
