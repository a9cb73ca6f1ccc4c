package org.sipdispatch.app;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.sipdispatch.settings.BadSetting;

/** Reads an operator's configuration file on top of the defaults. */
final class ConfigFile {
    static final String ROOT = "sip-dispatcher";

    private ConfigFile() {}

    /**
     * The block {@code sip-dispatcher}, with system properties above the file and the defaults below it.
     *
     * @param home where the program is installed; {@code sip-dispatcher.home} in the file
     */
    static Config read(Path file, Path home) {
        if (!Files.isReadable(file)) {
            throw new BadSetting("--config", file, "a file that can be read");
        }
        try {
            return resolved(parsed(file), ConfigFactory.empty(), home);
        } catch (ConfigException.UnresolvedSubstitution e) {
            throw new BadSetting("--config", file, "values for all substitutions: " + e.getMessage());
        } catch (ConfigException e) {
            throw new BadSetting("--config", file, "HOCON: " + e.getMessage());
        }
    }

    /** The file alone, with nothing filled in. */
    static Config parsed(Path file) {
        ConfigParseOptions hocon = ConfigParseOptions.defaults().setSyntax(ConfigSyntax.CONF);
        Config written = ConfigFactory.parseFile(file.toFile(), hocon);
        if (!written.hasPath(ROOT)) {
            throw new BadSetting("--config", file, "a block sip-dispatcher { ... } in it");
        }
        return written;
    }

    /** All values filled in; {@code others} has those that neither the file nor the defaults give. */
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
