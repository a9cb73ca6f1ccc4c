package org.sipdispatch.migrate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.sipdispatch.migrate.ImportReport.Item;

/** Converts an {@code opensips.cfg} or a {@code kamailio.cfg} to our configuration. */
public final class ScriptImport {
    public enum Dialect {
        OPENSIPS,
        KAMAILIO
    }

    /**
     * Options of an import.
     *
     * @param listFile a list with the destinations of the default partition; null for none
     * @param secrets whether the output may contain passwords
     * @param converted the conversion of that list, to report what it lacks; null for none
     * @param directory the full path of the script's directory, to which Kamailio's paths of certificates are relative;
     *     null if it is unknown
     */
    public record Options(String listFile, boolean secrets, KamailioList.Converted converted, String directory) {
        public Options(String listFile, boolean secrets) {
            this(listFile, secrets, null, null);
        }
    }

    /**
     * The result of an import.
     *
     * @param conf the configuration
     * @param counted the number of items by result, in one line
     * @param isWhole whether everything was carried over
     */
    public record Imported(String conf, String counted, boolean isWhole) {}

    private static final long STACK_BYTES = 128L << 20;
    private static final String HEAD =
            "# Imported from another proxy's configuration. The end lists what was not carried over.\n\nsip-dispatcher {\n";
    private static final String MANAGEMENT =
            "  # Dashboard, HTTP API, metrics and MI commands: http://127.0.0.1:8558/; port and host in management { }.";
    private static final String FILL_IN = "jdbc:mariadb://127.0.0.1/opensips";
    private static final String NO_LIST = "write a list, or a table of OpenSIPS, in place of " + FILL_IN;

    private final Options options;
    private final boolean kamailio;
    private final ConfWriter conf = new ConfWriter();
    private final ImportReport report = new ImportReport();
    private final ScriptText text;
    private final Script script;
    private final TransportParameters transport;
    private final TlsBlocks tls;
    private final SocketLines sockets;
    private final ModuleParameters parameters;

    private ScriptImport(Dialect dialect, String source, UnaryOperator<String> included, Options options) {
        this.options = options;
        kamailio = dialect == Dialect.KAMAILIO;
        text = ScriptText.of(source, included, kamailio);
        script = ScriptParser.parse(text.text(), text::place);
        KamailioWebSocket webSocket = kamailio ? KamailioWebSocket.of(script) : KamailioWebSocket.NONE;
        transport = new TransportParameters(text.text(), report, kamailio, webSocket);
        ScriptTlsDomains domains =
                kamailio ? new KamailioTls(report, transport.isTlsOn(), included) : new OpensipsTls(report);
        List<Script.FunctionCall> others = remaining(remaining(script.modparams(), transport::take), domains::take);
        domains.finish();
        tls = new TlsBlocks(domains, report, this::path);
        sockets = new SocketLines(text.text(), report, kamailio, transport, tls);
        parameters = new ModuleParameters(report, sockets, kamailio);
        others.forEach(parameters::take);
        parameters.nameOthers();
        countModparams();
        text.unread().forEach(unread -> report.left(Item.OTHER, unread, "it cannot be read"));
        sockets.unfinished().forEach(conf::unfinished);
    }

    /**
     * Gives each parameter to a reader, except those whose value is in the environment.
     *
     * @param reader returns whether the parameter is one of its own
     * @return the others
     */
    private static List<Script.FunctionCall> remaining(
            List<Script.FunctionCall> modparams, Predicate<Script.FunctionCall> reader) {
        List<Script.FunctionCall> others = new ArrayList<>();
        for (Script.FunctionCall one : modparams) {
            if (ModuleParameters.isOfEnvironment(one) || !reader.test(one)) {
                others.add(one);
            }
        }
        return others;
    }

    /** The path of a file of TLS. Kamailio looks for it beside the script, unless it begins with a dot or a slash. */
    private String path(String file) {
        if (file.startsWith("/")) {
            return file;
        } else if (kamailio && !file.startsWith(".") && options.directory() != null) {
            return options.directory() + "/" + file;
        }
        report.differs(file, "a path that does not begin with / is one below the directory in which the node starts");
        return file;
    }

    /**
     * Imports a script.
     *
     * @param included reads an included file; null if it cannot be read
     */
    public static Imported of(Dialect dialect, String source, UnaryOperator<String> included, Options options) {
        Imported imported = withDeepStack(() -> new ScriptImport(dialect, source, included, options).written());
        return imported == null ? tooDeep(dialect, options) : imported;
    }

    private static Imported tooDeep(Dialect dialect, Options options) {
        ScriptImport nothing = new ScriptImport(dialect, "", name -> null, options);
        nothing.conf.unfinished("the script: it is nested too deeply to be read");
        nothing.report.left(Item.OTHER, "the script", "it is nested too deeply to be read");
        return nothing.written();
    }

    /**
     * Runs a task with a stack for scripts of thousands of statements, because the paths are followed recursively.
     *
     * @return null if the stack is not deep enough
     */
    private static <T> T withDeepStack(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        new Thread(null, task, "import", STACK_BYTES).start();
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted during the import", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StackOverflowError) {
                return null;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        }
    }

    /** Guesses the dialect of a script; null if it cannot be determined. */
    public static Dialect guessDialect(String source) {
        String plain = ScriptText.of(source, name -> null, false).text();
        if (source.startsWith("#!KAMAILIO")
                || plain.matches("(?s).*\\brequest_route\\s*\\{.*")
                || plain.matches("(?s).*\"(list_file|xavp_dst)\".*")
                || plain.matches(
                        "(?s).*loadmodule\\s*\\(?\"(\\S*/)?(kex|tmx|corex|siputils|pv|jsonrpcs|textopsx)(\\.so)?\".*")) {
            return Dialect.KAMAILIO;
        }
        boolean opensips =
                plain.matches("(?s).*loadmodule\\s+\"(\\S*/)?(sipmsgops|signaling|proto_\\w+|clusterer)(\\.so)?\".*")
                        || plain.matches("(?s).*\"(fr_timeout|fr_inv_timeout|persistent_state)\".*");
        return opensips ? Dialect.OPENSIPS : null;
    }

    /** The {@code list_file} of a kamailio.cfg; empty for none. */
    public static String listFile(String source, UnaryOperator<String> included) {
        Options none = new Options(null, false);
        String file =
                withDeepStack(() -> new ScriptImport(Dialect.KAMAILIO, source, included, none).parameters.listFile);
        return file == null ? "" : file;
    }

    private Imported written() {
        RuleWriter rules = new RuleWriter(conf, report, parameters, script);
        sockets();
        conf.line("");
        partitions();
        if (!parameters.hashPvar.isEmpty()) {
            conf.line("");
            conf.line("  hash_pvar = " + ConfWriter.quoted(parameters.hashPvar));
        }
        relayDefaults();
        if (kamailio) {
            parameters.addKamailioDefaults();
        }
        if (!parameters.freeswitch.isEmpty()) {
            conf.line("");
            conf.block("  ", "freeswitch", parameters.freeswitch);
        }
        if (!parameters.probing.isEmpty()) {
            conf.line("");
            conf.block("  ", "probing", parameters.probing);
        }
        if (!script.routes().isEmpty() || !script.modparams().isEmpty()) {
            rules(rules);
        } else {
            rules.write(null);
        }
        conf.line("");
        conf.line(MANAGEMENT);
        conf.line("}");
        conf.line("");
        list();
        report.lines().forEach(line -> conf.line("# " + line));
        String counted = report.counted();
        if (!counted.isEmpty()) {
            conf.line("#");
            conf.line("# counted: " + counted);
        }
        return new Imported(conf.text(HEAD), counted, report.isWhole() && conf.isFinished());
    }

    private void rules(RuleWriter rules) {
        ScriptConditions conditions = new ScriptConditions(sockets, new SetFunctions(parameters), kamailio);
        ScriptExecutionPaths paths = ScriptExecutionPaths.of(script, conditions);
        rules.write(paths.outcome());
        rules.report(paths);
        paths.sizes()
                .unneeded()
                .forEach(size -> report.unneeded(
                        Item.OTHER, "if " + size, "this program has its own limits for the size of a message"));
    }

    /** Reports the rows of the list, and the values that they lack. */
    private void list() {
        if (options.converted() == null ? !parameters.listFile.isEmpty() : !options.secrets()) {
            // Only files that the import writes have the rows in another order.
            report.differs(
                    "the order of rows with the same priority in "
                            + (options.converted() == null ? parameters.listFile : options.listFile()),
                    "Kamailio begins with the last one of them, and this program with the first one; --kamailio-list FILE"
                            + " with --out DIR writes the list in reverse");
        }
        if (options.converted() == null) {
            return;
        }
        for (int i = 0; i < options.converted().destinations(); i++) {
            report.carried(Item.LIST_ROW);
        }
        options.converted()
                .left()
                .forEach(one -> report.left(one.isRow() ? Item.LIST_ROW : Item.LIST_VALUE, one.what(), one.why()));
    }

    /** A missing quote hides the text that follows it. */
    private void countModparams() {
        long written = Pattern.compile("(?m)^\\s*modparamx?\\s*\\(")
                .matcher(text.text())
                .results()
                .count();
        long unread = script.unread().stream()
                .filter(one -> one.startsWith("modparam"))
                .count();
        long hidden = written - script.modparams().size() - unread;
        if (hidden > 0) {
            report.left(Item.OTHER, hidden + " calls of modparam", "they cannot be read; a quote may be missing above");
        }
    }

    private void sockets() {
        conf.line("");
        if (sockets.sockets.isEmpty()) {
            sockets.sockets.put("main", "\"udp:127.0.0.1:5060\"");
            conf.unfinished("sockets: the script names no socket that can be read; write yours in place of main");
        }
        conf.block("  ", "sockets", sockets.sockets);
        if (!sockets.aliases.isEmpty()) {
            conf.line("  aliases = [ "
                    + sockets.aliases.stream().map(ConfWriter::quoted).collect(Collectors.joining(", ")) + " ]");
        }
        tls.write(conf, sockets.overTls());
        transport.write(conf);
    }

    /** Without record_route() requests within dialogs do not pass this proxy. A Path concerns each REGISTER alike. */
    private void relayDefaults() {
        List<Script.FunctionCall> calls = script.routes().stream()
                .flatMap(route -> Script.calls(route.body()).stream())
                .toList();
        if (calls.stream().anyMatch(call -> ScriptFunctions.isRelay(call) && !ScriptFunctions.isStateless(call))) {
            parameters.addDefaults();
        }
        boolean recorded = calls.stream().anyMatch(call -> call.name().startsWith("record_route"));
        if (!recorded && calls.stream().anyMatch(ScriptFunctions::isRelay)) {
            parameters.relayDefaults.put("record-route", "off");
        }
        if (calls.stream().anyMatch(ScriptFunctions::addsPath)) {
            parameters.relayDefaults.put("path", "yes");
        }
        if (!parameters.blacklists.isEmpty()) {
            conf.line("");
            conf.block("  ", "blacklists", parameters.blacklists);
        }
        if (!parameters.relayDefaults.isEmpty()) {
            conf.line("");
            conf.block("  ", "relay-defaults", parameters.relayDefaults);
        }
    }

    private void partitions() {
        Map<String, String> common = parameters.partitions.get("default");
        String url = database();
        boolean lends = !parameters.defaultPartition.equals("default")
                || url.isEmpty() && ownDatabases() && parameters.partitions.size() > 1;
        if (!lends && !common.containsKey("db_url")) {
            if (url.isEmpty()) {
                conf.unfinished("partitions.default.db_url: the script names no list and no database that can be read; "
                        + NO_LIST);
            }
            common.put("db_url", url.isEmpty() ? FILL_IN : url);
        }
        conf.line("  partitions {");
        parameters.partitions.forEach((name, block) -> {
            if (!block.containsKey("db_url") && !name.equals("default") && lends) {
                if (url.isEmpty()) {
                    conf.unfinished("partitions." + name + ".db_url: the script names no database that can be read; "
                            + NO_LIST);
                }
                block.put("db_url", url.isEmpty() ? FILL_IN : url);
            }
            conf.block("    ", name, shown(name, block));
        });
        conf.line("  }");
        if (!parameters.defaultPartition.equals("default")) {
            conf.line("  default-partition = " + ConfWriter.quoted(parameters.defaultPartition));
        }
    }

    /** The source of the default partition's destinations; empty if it is unknown. */
    private String database() {
        if (options.listFile() != null) {
            return "file:" + options.listFile();
        }
        if (!parameters.listFile.isEmpty()) {
            report.note(
                    "the rows of " + parameters.listFile, "the file cannot be read here, so its rows were not checked");
            return "file:" + parameters.listFile;
        }
        String url = parameters.database.isEmpty() ? sockets.database() : parameters.database;
        return ConfWriter.isDatabase(url) ? url : "";
    }

    private boolean ownDatabases() {
        return parameters.partitions.entrySet().stream()
                .filter(one -> !one.getKey().equals("default"))
                .allMatch(one -> one.getValue().containsKey("db_url"));
    }

    /** The block; unless secrets may be written, the password is read from the environment. */
    private Map<String, String> shown(String name, Map<String, String> block) {
        Map<String, String> shown = new LinkedHashMap<>();
        if (block.containsKey("db_url")) {
            shown.put("db_url", "");
        }
        block.forEach((key, value) -> {
            if (!key.equals("db_url")) {
                shown.put(key, value);
                return;
            }
            String open = value.replaceFirst("(?s)^(\\w+://[^:@/]*):.*@", "$1@")
                    .replaceAll("(?i)([?&;])password=[^&;]*", "$1");
            boolean hides = !options.secrets() && !open.equals(value);
            shown.put(key, ConfWriter.quoted(hides ? open : value));
            if (hides) {
                String variable = "SIP_DISPATCHER_DB_PASSWORD"
                        + (name.equals("default")
                                ? ""
                                : "_" + name.toUpperCase(Locale.ROOT).replaceAll("\\W", "_"));
                shown.put("db_password", "${?" + variable + "}");
            }
        });
        return shown;
    }
}
