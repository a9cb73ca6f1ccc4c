package org.sipdispatch.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.sipdispatch.migrate.KamailioList;
import org.sipdispatch.migrate.ScriptImport;
import org.sipdispatch.migrate.ScriptImport.Dialect;
import org.sipdispatch.settings.SettingException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code import}: converts the configuration of OpenSIPS or Kamailio. */
@Command(
        name = "import",
        description =
                "Creates a configuration from an opensips.cfg or a kamailio.cfg, and a list or table rows from a Kamailio"
                        + " dispatcher.list. Comments list what cannot be converted, with counts. Passwords are"
                        + " written to files only.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  sip-dispatcher import --opensips /etc/opensips/opensips.cfg",
            "  sip-dispatcher import --opensips opensips.cfg --out /etc/sip-dispatcher",
            "  sip-dispatcher import --kamailio /etc/kamailio/kamailio.cfg --out /etc/sip-dispatcher",
            "  sip-dispatcher import --kamailio-list dispatcher.list --out conf",
            "  sip-dispatcher import --kamailio-list dispatcher.list --sql | mysql opensips"
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:done, everything was converted",
            "2:an invalid command line, a file that cannot be read or exists already",
            "3:done, but something was left out: see the end of the file"
        })
final class ImportCommand implements Callable<Integer> {
    private static final String CONF = "sip-dispatcher.conf";
    private static final int LEFT_OUT_STATUS = 3;

    @Option(names = "--opensips", paramLabel = "FILE", description = "an opensips.cfg, 2.4 to 4.0")
    private Path opensips;

    @Option(names = "--kamailio", paramLabel = "FILE", description = "a kamailio.cfg, 5.0 to 6.1")
    private Path kamailio;

    @Option(names = "--kamailio-list", paramLabel = "FILE", description = "a dispatcher.list of Kamailio")
    private Path list;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "the directory for sip-dispatcher.conf, dispatcher.list and dispatcher.sql;"
                    + " default: standard output")
    private Path directory;

    @Option(names = "--sql", description = "rows for a table of OpenSIPS (version 9) instead of a list")
    private boolean sql;

    @Option(names = "--table", paramLabel = "NAME", defaultValue = "dispatcher", description = "the table for --sql")
    private String table;

    @Option(names = "--force", description = "replace existing files")
    private boolean force;

    @Spec
    private CommandSpec spec;

    private KamailioList.Converted converted;
    private ScriptImport.Imported imported;

    @Override
    public Integer call() {
        if (opensips == null && kamailio == null && list == null) {
            throw new SettingException(
                    "command line", "import", "--opensips FILE, --kamailio FILE or --kamailio-list FILE");
        }
        if (opensips != null && kamailio != null) {
            throw new SettingException("command line", "--opensips and --kamailio", "one of them");
        }
        if (!table.matches("[A-Za-z0-9_.$]+")) {
            throw new SettingException("--table", table, "a name of letters, digits, _ and $");
        }
        refuseList("--opensips", opensips, "an opensips.cfg");
        refuseList("--kamailio", kamailio, "a kamailio.cfg");
        refuseOther("--opensips", opensips, Dialect.KAMAILIO, "an opensips.cfg; --kamailio FILE reads one of Kamailio");
        refuseOther("--kamailio", kamailio, Dialect.OPENSIPS, "a kamailio.cfg; --opensips FILE reads one of OpenSIPS");
        if (list == null) {
            list = listNamedByScript();
        }
        if (sql && list == null) {
            throw new SettingException("--sql", "without a list", "--kamailio-list FILE too");
        }
        converted = list == null
                ? null
                : KamailioList.convert(list.getFileName().toString(), read("--kamailio-list", list), table);
        int status = directory == null ? print() : write();
        printCounts();
        boolean whole = (imported == null || imported.isWhole()) && (converted == null || converted.isWhole());
        return whole ? status : Integer.valueOf(LEFT_OUT_STATUS);
    }

    private static void refuseOther(String option, Path script, Dialect other, String expected) {
        if (script != null && ScriptImport.guessDialect(read(option, script)) == other) {
            throw new SettingException(option, script, expected);
        }
    }

    private static void refuseList(String option, Path script, String expected) {
        if (script != null && KamailioList.isList(read(option, script))) {
            throw new SettingException(
                    option, script, expected + "; this is a list of destinations, which --kamailio-list FILE reads");
        }
    }

    /** The readable list that the kamailio.cfg names; null if there is none. */
    private Path listNamedByScript() {
        String name = kamailio == null ? "" : ScriptImport.listFile(read("--kamailio", kamailio), this::included);
        Path named = name.isEmpty() ? null : kamailio.toAbsolutePath().resolveSibling(name);
        return named != null && Files.isReadable(named) ? named : null;
    }

    private void printCounts() {
        PrintWriter err = spec.commandLine().getErr();
        if (converted != null && !converted.isWhole()) {
            err.println(list + ": " + converted.counted());
        }
        if (imported != null && !imported.isWhole() && !imported.counted().isEmpty()) {
            err.println("not everything was carried over: " + imported.counted());
        }
        err.flush();
    }

    private int print() {
        PrintWriter out = spec.commandLine().getOut();
        boolean onlyRows = converted != null && sql;
        if (converted != null && !sql) {
            warnNotPrinted("dispatcher.list", "the configuration names " + list + " as it is; --sql prints rows");
        } else if (onlyRows && script() != null) {
            warnNotPrinted(CONF, "with --sql only rows are printed");
        }
        out.print(onlyRows ? converted.sql() : conf(list == null ? null : list.toAbsolutePath(), false));
        out.flush();
        return 0;
    }

    private Path script() {
        return opensips == null ? kamailio : opensips;
    }

    /** Warns that standard output contains only one of the files. */
    private void warnNotPrinted(String file, String why) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("warning: " + file + " is not printed: " + why + "; --out DIR writes all files");
        err.flush();
    }

    private int write() {
        Map<Path, String> files = new LinkedHashMap<>();
        Path listFile = converted == null || sql ? null : directory.resolve("dispatcher.list");
        if (converted != null) {
            files.put(sql ? directory.resolve("dispatcher.sql") : listFile, sql ? converted.sql() : converted.list());
        }
        Path conf = directory.resolve(CONF);
        files.put(conf, conf(listFile == null ? null : listFile.toAbsolutePath(), true));
        for (Path file : files.keySet()) {
            if (Files.exists(file) && !force) {
                throw new SettingException("--out", file, "a directory without that file, or --force");
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        files.forEach((file, text) -> {
            write(file, text);
            out.println("wrote " + file);
        });
        return CheckCommand.check(conf, true, out);
    }

    private String conf(Path listFile, boolean secrets) {
        String script = script() == null ? "" : read("--opensips", script());
        imported = ScriptImport.of(
                kamailio == null ? Dialect.OPENSIPS : Dialect.KAMAILIO,
                script,
                this::included,
                new ScriptImport.Options(
                        listFile == null ? null : listFile.toString(), secrets, converted, scriptDirectory()));
        return imported.conf();
    }

    /** Null without a script. */
    private String scriptDirectory() {
        return script() == null
                ? null
                : script().toAbsolutePath().normalize().getParent().toString();
    }

    /** A file that the script includes, relative to the script; null if it cannot be read. */
    private String included(String name) {
        try {
            Path file = script().toAbsolutePath().resolveSibling(name);
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException | java.nio.file.InvalidPathException e) {
            return null;
        }
    }

    private static String read(String option, Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new SettingException(option, file, "a file that can be read");
        }
    }

    /** Writes a file that only its owner can read, because it may contain passwords. */
    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.deleteIfExists(file);
            if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new SettingException("--out", file, "a file that can be written");
        }
    }
}
