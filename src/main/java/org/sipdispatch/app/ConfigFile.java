package org.sipdispatch.app;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.settings.SpellingSuggestions;

/** Reads an operator's configuration file over the defaults. */
final class ConfigFile {
    static final String ROOT = "sip-dispatcher";

    /** A line of a private key that was written in place of its path, without quotes: the library's texts name it. */
    private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/=]{40,}");
    /** The key in the library's message about a key without a value: name and value, if {@code =} is missing between. */
    private static final Pattern KEY_ALONE =
            Pattern.compile("Key '(?:([\\w.-]+)[\\s\"])?.*' may not be followed by token.*");
    /** A message of the library until text of the file follows: in quotes, and not a single symbol. */
    private static final Pattern UNTIL_TEXT = Pattern.compile("^([^']*+(?:'(?:\\W|\\+=|\\\\n)'[^']*+)*+)'.*");

    private ConfigFile() {}

    /**
     * Reads the block {@code sip-dispatcher}: system properties override the file, which overrides the defaults.
     *
     * @param home the installation directory; {@code sip-dispatcher.home} in the file
     * @throws SettingException if the file cannot be read or resolved
     */
    static Config read(Path file, Path home) {
        if (!Files.isReadable(file)) {
            throw new SettingException("--config", file, "a file that can be read");
        }
        try {
            return resolved(parsed(file), ConfigFactory.empty(), home);
        } catch (ConfigException.UnresolvedSubstitution e) {
            throw new SettingException("--config", file, "values for all substitutions: " + e.getMessage());
        } catch (ConfigException e) {
            throw new SettingException("--config", file, "a file in the format HOCON; " + description(e));
        }
    }

    /** What is wrong with a file that cannot be parsed, and what is expected. The library's texts are about its tokens. */
    static String description(ConfigException e) {
        String place = e.origin() == null ? "" : e.origin().description() + ": ";
        String message = String.valueOf(e.getMessage())
                .replaceAll("\\s+", " ")
                .replaceFirst(" \\(if you (?:intended|want) .*", "");
        String what = BASE64.matcher(message.startsWith(place) ? message.substring(place.length()) : message)
                .replaceAll("...");
        if (what.endsWith("got '='")) {
            return "HOCON: '=' after a value (expected: a comma between two keys on one line)";
        } else if (what.endsWith("got ':'")) {
            return "HOCON: ':' after a value (expected: a value with a colon in double quotes; a comma between two keys on"
                    + " one line)";
        } else if (what.contains("'$' not followed by {")) {
            return "HOCON: '$' outside of quotes (expected: a value with $ in double quotes)";
        } else if (what.startsWith("Cannot concatenate")) {
            return "HOCON: a block or a list directly beside another value (expected: a comma or a line break between them)";
        } else if (what.contains("Malformed hex digits") || what.contains("backslash followed by")) {
            return "HOCON: a backslash in double quotes (expected: \\\\ for a backslash, or an escape as in JSON)";
        }
        Matcher key = KEY_ALONE.matcher(what);
        if (key.matches()) {
            String name = key.group(1) == null ? "" : ": " + key.group(1);
            return "HOCON: a key without '='" + name
                    + " (expected: key = value; a value with a comma in double quotes)";
        }
        // What the file has there may be a secret.
        return "HOCON: " + UNTIL_TEXT.matcher(what).replaceFirst("$1a value")
                + " (expected: a file in the format HOCON)";
    }

    /** The file alone, unresolved. */
    static Config parsed(Path file) {
        ConfigParseOptions hocon = ConfigParseOptions.defaults().setSyntax(ConfigSyntax.CONF);
        Config written = ConfigFactory.parseFile(file.toFile(), hocon);
        if (!written.hasPath(ROOT)) {
            List<String> others =
                    SpellingSuggestions.similar(ROOT, written.root().keySet());
            throw new SettingException(
                    "--config",
                    file,
                    "a block sip-dispatcher { ... } in it"
                            + (others.isEmpty() ? "" : "; did you mean sip-dispatcher for " + others.get(0) + "?"));
        }
        return written;
    }

    /** Resolves all values; {@code others} provides those that neither the file nor the defaults have. */
    static Config resolved(Config written, Config others, Path home) {
        return ConfigFactory.systemProperties()
                .withOnlyPath(ROOT)
                .withFallback(written)
                .withValue(ROOT + ".home", ConfigValueFactory.fromAnyRef(home.toString()))
                .withFallback(ConfigFactory.defaultReferenceUnresolved())
                .withFallback(others)
                .resolve()
                .getConfig(ROOT);
    }
}
