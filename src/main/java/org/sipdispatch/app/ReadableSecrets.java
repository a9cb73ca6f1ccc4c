package org.sipdispatch.app;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.sipdispatch.settings.DataDirectory;
import org.sipdispatch.tls.PemFile;

/** Finds files with secrets that other users of this host can read: private keys and configuration files. */
final class ReadableSecrets {
    private static final List<String> SECRET_KEYS = List.of("secret", "token", "db_password");
    /** A password before the host, or a parameter that holds a secret. {@code sslkey} names a file. */
    private static final Pattern SECRET_IN_URL =
            Pattern.compile("(?i)://[^/@\\s]*:[^/@\\s]+@|[?&;](?!sslkey=)[\\w.-]*(?:key|token|secret|password)=[^&;]");

    /** The keys of secrets by the file that contains them. */
    private final Map<String, List<String>> keysByFile = new TreeMap<>();

    private ReadableSecrets() {}

    /** The warnings of {@link #findings} as lines. */
    static List<String> warnings(Config config, NodeSettings settings) {
        return findings(config, settings).stream()
                .map(one -> one.place() + ": " + one.text())
                .toList();
    }

    /**
     * A warning for each file.
     *
     * @param config the configuration; its values know the files that they are from
     */
    static List<CheckFinding> findings(Config config, NodeSettings settings) {
        ReadableSecrets found = new ReadableSecrets();
        found.collect(config.root(), "", "");
        Stream<CheckFinding> keys = Stream.of(
                        settings.cluster().tls().keyFiles(),
                        settings.management().keyFiles(),
                        settings.traffic().tls().keyFiles())
                .flatMap(List::stream)
                .map(PemFile::path)
                .distinct()
                .filter(ReadableSecrets::isReadable)
                .map(path -> CheckFinding.warning(
                        path,
                        0,
                        "a private key that other users can read (expected: a file for the user of this program only, as"
                                + " by chmod 600)"));
        Stream<CheckFinding> files = found.keysByFile.entrySet().stream()
                .filter(file -> isReadable(file.getKey()))
                .map(file -> CheckFinding.warning(
                        file.getKey(),
                        0,
                        "other users can read it, and it contains " + String.join(", ", file.getValue())
                                + " (expected: chmod 600 or 640, or such values from the environment)"));
        return Stream.concat(keys, files).toList();
    }

    private static boolean isReadable(String path) {
        try {
            return DataDirectory.isReadableByOthers(Path.of(path));
        } catch (InvalidPathException e) {
            // The start refuses it.
            return false;
        }
    }

    private void collect(ConfigValue value, String path, String key) {
        if (value instanceof ConfigObject block) {
            block.forEach((name, inner) -> collect(inner, path.isEmpty() ? name : path + "." + name, name));
        } else if (value instanceof ConfigList list) {
            for (int i = 0; i < list.size(); i++) {
                collect(list.get(i), path + "[" + i + "]", key);
            }
        } else if (value.origin().filename() != null && isSecret(key, String.valueOf(value.unwrapped()))) {
            keysByFile
                    .computeIfAbsent(value.origin().filename(), file -> new ArrayList<>())
                    .add(path);
        }
    }

    private static boolean isSecret(String key, String text) {
        return !text.isEmpty()
                && (SECRET_KEYS.contains(key) || SECRET_IN_URL.matcher(text).find());
    }
}
