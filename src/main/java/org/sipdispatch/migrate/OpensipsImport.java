package org.sipdispatch.migrate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Makes our configuration of an {@code opensips.cfg}. */
public final class OpensipsImport {
    /**
     * What else counts.
     *
     * @param listFile a list that holds the destinations of partition default; null for none
     * @param secrets whether passwords may be written
     */
    public record Options(String listFile, boolean secrets) {}

    private static final String FILL_IN = "jdbc:mariadb://127.0.0.1/opensips";

    private final Options options;
    private final Conf conf = new Conf();
    private final SocketLines sockets;
    private final ModuleParameters parameters;
    private final List<ScriptCalls.Call> calls;

    private OpensipsImport(String script, UnaryOperator<String> included, Options options) {
        this.options = options;
        String text = ScriptText.of(script, included);
        calls = ScriptCalls.of(text);
        sockets = new SocketLines(text, conf);
        parameters = new ModuleParameters(conf, sockets);
        calls.stream().filter(call -> call.name().equals("modparam")).forEach(parameters::take);
    }

    /**
     * The configuration as text.
     *
     * @param included the text of a file that the script includes; null if it cannot be read
     */
    public static String conf(String script, UnaryOperator<String> included, Options options) {
        return new OpensipsImport(script, included, options).written();
    }

    private String written() {
        conf.line("# What another proxy's configuration came to. What could not be carried over stands at the end.");
        conf.line("");
        conf.line("sip-dispatcher {");
        conf.line("");
        if (sockets.sockets.isEmpty()) {
            sockets.sockets.put("main", "\"udp:127.0.0.1:5060\"");
            conf.notCarried("sockets", "none was found; write yours in place of main");
        }
        conf.block("  ", "sockets", sockets.sockets);
        if (!sockets.aliases.isEmpty()) {
            conf.line("  aliases = [ "
                    + sockets.aliases.stream().map(Conf::quoted).collect(Collectors.joining(", ")) + " ]");
        }
        conf.line("");
        partitions();
        if (!parameters.hashPvar.isEmpty()) {
            conf.line("");
            conf.line("  hash_pvar = " + Conf.quoted(parameters.hashPvar));
        }
        if (!parameters.relayDefaults.isEmpty()) {
            conf.line("");
            conf.block("  ", "relay-defaults", parameters.relayDefaults);
        }
        if (!parameters.probing.isEmpty()) {
            conf.line("");
            conf.block("  ", "probing", parameters.probing);
        }
        new Selections(conf, parameters, calls).write();
        conf.line("}");
        conf.line("");
        return conf.text();
    }

    private void partitions() {
        Map<String, String> common = parameters.partitions.get("default");
        String url = database();
        boolean lends = !parameters.defaultPartition.equals("default")
                || url.isEmpty() && ownDatabases() && parameters.partitions.size() > 1;
        if (!lends && !common.containsKey("db_url")) {
            if (url.isEmpty()) {
                conf.notCarried("db_url", "none was found that can be read; write yours in place of " + FILL_IN);
            }
            common.put("db_url", url.isEmpty() ? FILL_IN : url);
        }
        conf.line("  partitions {");
        parameters.partitions.forEach((name, block) -> {
            if (!block.containsKey("db_url") && !name.equals("default") && lends) {
                block.put("db_url", url.isEmpty() ? FILL_IN : url);
            }
            conf.block("    ", name, shown(name, block));
        });
        conf.line("  }");
    }

    /** Where the destinations of partition default are; empty if that is not known. */
    private String database() {
        if (options.listFile() != null) {
            return "file:" + options.listFile();
        }
        String url = parameters.database.isEmpty() ? sockets.database() : parameters.database;
        if (!url.isEmpty() && !Conf.isDatabase(url)) {
            conf.notCarried("db_url = " + url, "only MariaDB, MySQL, PostgreSQL and H2 are read");
            return "";
        }
        return url;
    }

    private boolean ownDatabases() {
        return parameters.partitions.entrySet().stream()
                .filter(one -> !one.getKey().equals("default"))
                .allMatch(one -> one.getValue().containsKey("db_url"));
    }

    /** Where nothing secret may be written the password comes from the environment. */
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
            shown.put(key, Conf.quoted(hides ? open : value));
            if (hides) {
                String variable = "SIP_DISPATCHER_DB_PASSWORD"
                        + (name.equals("default")
                                ? ""
                                : "_" + name.toUpperCase(java.util.Locale.ROOT).replaceAll("\\W", "_"));
                shown.put("db_password", "${?" + variable + "}");
            }
        });
        return shown;
    }
}
