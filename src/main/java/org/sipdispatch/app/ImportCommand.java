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
import org.sipdispatch.migrate.OpensipsImport;
import org.sipdispatch.settings.BadSetting;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code import}: our configuration of what another proxy is configured with. */
@Command(
        name = "import",
        description =
                "Makes a configuration of an opensips.cfg, and a list or table rows of a Kamailio dispatcher.list."
                        + " What cannot be carried over is told in comments. Passwords are written into files only.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  sip-dispatcher import --opensips /etc/opensips/opensips.cfg",
            "  sip-dispatcher import --opensips opensips.cfg --out /etc/sip-dispatcher",
            "  sip-dispatcher import --kamailio-list dispatcher.list --out conf",
            "  sip-dispatcher import --kamailio-list dispatcher.list --sql | mysql opensips"
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:done", "2:a bad command line, a file that cannot be read or is there already"})
final class ImportCommand implements Callable<Integer> {
    private static final String CONF = "sip-dispatcher.conf";

    @Option(names = "--opensips", paramLabel = "FILE", description = "an opensips.cfg, 2.4 to 4.0")
    private Path opensips;

    @Option(names = "--kamailio-list", paramLabel = "FILE", description = "a dispatcher.list of Kamailio")
    private Path list;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "write sip-dispatcher.conf, dispatcher.list and dispatcher.sql there;"
                    + " standard output where it is not given")
    private Path directory;

    @Option(names = "--sql", description = "rows for a table of OpenSIPS (version 9) in place of a list")
    private boolean sql;

    @Option(names = "--table", paramLabel = "NAME", defaultValue = "dispatcher", description = "the table for --sql")
    private String table;

    @Option(names = "--force", description = "replace files that are there already")
    private boolean force;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (opensips == null && list == null) {
            throw new BadSetting("command line", "import", "--opensips FILE or --kamailio-list FILE");
        }
        if (sql && list == null) {
            throw new BadSetting("--sql", "without a list", "--kamailio-list FILE beside it");
        }
        if (!table.matches("[A-Za-z0-9_.$]+")) {
            throw new BadSetting("--table", table, "a name of letters, digits, _ and $");
        }
        KamailioList.Converted converted =
                list == null ? null : KamailioList.convert(read("--kamailio-list", list), table);
        return directory == null ? print(converted) : write(converted);
    }

    private int print(KamailioList.Converted converted) {
        PrintWriter out = spec.commandLine().getOut();
        boolean onlyRows = converted != null && sql;
        if (converted != null && !sql) {
            leftOut("dispatcher.list", "the configuration names " + list + " as it is; --sql prints rows");
        } else if (onlyRows && opensips != null) {
            leftOut(CONF, "with --sql only rows are printed");
        }
        out.print(onlyRows ? converted.sql() : conf(list == null ? null : list.toAbsolutePath(), false));
        out.flush();
        return 0;
    }

    /** One output has room for one of them. */
    private void leftOut(String file, String why) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("warning: " + file + " is not printed: " + why + "; --out DIR writes all of it");
        err.flush();
    }

    private int write(KamailioList.Converted converted) {
        Map<Path, String> files = new LinkedHashMap<>();
        Path listFile = converted == null || sql ? null : directory.resolve("dispatcher.list");
        if (converted != null) {
            files.put(sql ? directory.resolve("dispatcher.sql") : listFile, sql ? converted.sql() : converted.list());
        }
        Path conf = directory.resolve(CONF);
        files.put(conf, conf(listFile == null ? null : listFile.toAbsolutePath(), true));
        for (Path file : files.keySet()) {
            if (Files.exists(file) && !force) {
                throw new BadSetting("--out", file, "a directory without that file, or --force");
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
        String script = opensips == null ? "" : read("--opensips", opensips);
        return OpensipsImport.conf(
                script,
                this::included,
                new OpensipsImport.Options(listFile == null ? null : listFile.toString(), secrets));
    }

    /** A file that the script names, from where the script stands. */
    private String included(String name) {
        try {
            Path file = opensips.toAbsolutePath().resolveSibling(name);
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException | java.nio.file.InvalidPathException e) {
            spec.commandLine().getErr().println("warning: " + name + ": included, but it cannot be read");
            return null;
        }
    }

    private static String read(String option, Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new BadSetting(option, file, "a file that can be read");
        }
    }

    /** For its owner's eyes only: passwords may be in it. */
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
            throw new BadSetting("--out", file, "a file that can be written");
        }
    }
}
