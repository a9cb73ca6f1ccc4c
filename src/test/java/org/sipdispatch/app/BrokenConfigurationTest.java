package org.sipdispatch.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.e2e.NodeArchive;
import org.slf4j.LoggerFactory;

/**
 * Starts the program with invalid configurations: it prints one line with the error and exits with status 2. One case of
 * each stage of the start runs as a process, with its real output and log; the others run in this process.
 */
class BrokenConfigurationTest {
    private static final int AT_A_TIME = 2;
    private static final Set<String> AS_A_PROCESS = Set.of(
            "missing file",
            "unknown key",
            "UDP port in use",
            "unreachable MariaDB",
            "unreachable PostgreSQL",
            "table of an old version",
            "management port in use",
            "certificate that is none",
            "unknown command");
    private static final String SEEDS = "cluster { port = 2552, seed-nodes = [ \"127.0.0.2:2552\", ";
    private static final String RULES = "rules = [ { %s } ]";

    @TempDir
    static Path directory;

    private static final List<Broken> BROKEN = new ArrayList<>();
    private static final Map<String, Future<ProgramRun>> PROCESSES = new LinkedHashMap<>();
    private static ExecutorService starters;
    private static DatagramSocket takenUdp;
    private static ServerSocket takenTcp;

    /** An error, its command line, and what the line must start with and contain. */
    private record Broken(String name, List<String> arguments, String begins, String holds) {
        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    static void startAll() throws IOException {
        takenUdp = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        takenTcp = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Files.writeString(directory.resolve("dispatcher.list"), "1 sip:127.0.0.1:5080\n");
        brokenFiles();
        brokenSockets();
        brokenPartitions();
        brokenRules();
        brokenLimits();
        brokenManagement();
        brokenCommandLines();
        starters = Executors.newFixedThreadPool(AT_A_TIME);
        BROKEN.stream()
                .filter(broken -> AS_A_PROCESS.contains(broken.name))
                .forEach(broken -> PROCESSES.put(broken.name, starters.submit(() -> process(broken.arguments))));
        assertThat(PROCESSES).containsOnlyKeys(AS_A_PROCESS);
    }

    @AfterAll
    static void end() throws IOException {
        starters.shutdownNow();
        takenUdp.close();
        takenTcp.close();
    }

    private static void brokenFiles() throws IOException {
        String missing = directory.resolve("missing.conf").toString();
        command("missing file", "--config: " + missing, "a file that can be read", "run", "-c", missing);
        whole("empty file", "", "--config: ", "a block sip-dispatcher");
        whole("no HOCON", "sip-dispatcher { sockets { main = ", "HOCON: ", "a file in the format HOCON");
        added("two keys without a comma", "relay { t1 = 1s t2 = 2s }", "HOCON: '='", "a comma between two keys");
        added("a colon outside of quotes", "probing.ds_ping_from = sip:a@b", "HOCON: ':'", "in double quotes");
        added("a key without =", "relay { secret \"hidden-1\" }", "HOCON: a key without '=': secret", "key = value");
        added("a block beside a text", "relay.secret = hidden-1 { a = 1 }", "HOCON: a block or a list", "a comma");
        added("a dollar outside of quotes", "hash_pvar = $fU", "HOCON: '$'", "in double quotes");
        added(
                "missing environment",
                "relay.secret = ${SIP_DISPATCHER_TEST_NO_SUCH}",
                "${SIP_DISPATCHER_TEST_NO_SUCH}: ",
                "NO_SUCH");
        added(
                "unknown key",
                "socket { }",
                "socket: an unknown key",
                "one of the keys unfinished, sockets, aliases, relay, ");
        added("unknown key in a block", "relay.t3 = 1s", "relay.t3: an unknown key", "one of the keys secret, t1, t2");
        added(
                "misspelt secret",
                "relay.sercet = hidden-hidden",
                "relay.sercet: an unknown key",
                "did you mean secret?");
        added("a text where a block belongs", "transport = fast", "transport: a single value", "a block { ... }");
    }

    private static void brokenSockets() throws IOException {
        String udp = "udp:127.0.0.1:" + takenUdp.getLocalPort();
        String tcp = "tcp:127.0.0.1:" + takenTcp.getLocalPort();
        added("UDP port in use", "sockets.main = \"" + udp + "\"", "sockets.main: " + udp, "a port that is free");
        added("TCP port in use", "sockets.main = \"" + tcp + "\"", "sockets.main: " + tcp, "a port that is free");
        added("foreign address", "sockets.main = \"udp:192.0.2.1\"", "sockets.main: udp:192.0.2.1", "of this host");
        added("host name", "sockets.main = \"udp:sip.example.com\"", "sockets.main: udp:sip.example.com", "IP address");
        added("unknown transport", "sockets.main = \"sctp:127.0.0.1\"", "sockets.main: sctp:127.0.0.1", "udp:address");
        added("port of none", "sockets.main = \"udp:127.0.0.1:0\"", "sockets.main: udp:127.0.0.1:0", "udp:address");
        added("no socket", "sockets = null, sockets { }", "sockets: 0 sockets", "1 to 64");
        added(
                "all addresses told to others",
                "sockets.main = \"udp:0.0.0.0\"",
                "sockets.main: udp:0.0.0.0",
                "advertise");
    }

    private static void brokenPartitions() throws IOException {
        partition("unknown database", "db_url = \"oracle:x\"", "db_url: oracle:x", "jdbc:h2:");
        partition(
                "unreachable MariaDB",
                "db_url = \"mysql://me:hidden@127.0.0.1:1/opensips\", connect_timeout = 1s",
                "db_url: jdbc:mariadb://127.0.0.1:1/opensips",
                "a database that answers: ");
        partition(
                "unreachable PostgreSQL",
                "db_url = \"postgres://me:hidden@127.0.0.1:1/opensips\", connect_timeout = 1s",
                "db_url: jdbc:postgresql://127.0.0.1:1/opensips",
                "a database that answers: ");
        partition("no table", "db_url = \"jdbc:h2:mem:a\"", "table_name: dispatcher", "a table in jdbc:h2:mem:a");
        partition(
                "table of an old version",
                "db_url = \"jdbc:h2:mem:b\", init_script = \"" + oldTable() + "\"",
                "table_name: dispatcher version 6",
                "version 7, 8 or 9");
        partition("no list file", "db_url = \"file:nowhere.list\"", "db_url: file:nowhere.list", "can be read");
        partition("a directory as list", "db_url = \"file:/\"", "db_url: file:/", "can be read");
        partition("unknown partition key", "dburl = \"x\"", "dburl: an unknown key", "one of db_url, db_user");
    }

    private static void brokenRules() throws IOException {
        added("no rules", "rules = []", "rules: []", "at least one rule");
        rule("unknown algorithm", "select { set = 1, alg = 11 }", "select.alg: 11", "0 to 10, route:NAME");
        rule("a set that is no number", "select { set = abc }", "select.set: abc", "set numbers from 0");
        rule("unknown partition", "select { set = \"trunks:1\" }", "select.set: trunks:1", "a partition among default");
        rule("unknown flag", "select { set = 1, flags = FX }", "select.flags: FX", "letters of F U D S");
        rule(
                "two algorithms for three sets",
                "select { set = \"1,2,3\", alg = \"4,0\" }",
                "select.alg: 4,0",
                "for each");
        rule("nothing to hash", "select { set = 1, alg = 7 }", "select.alg: 7", "hash_pvar to be set");
        rule("unknown pseudo-variable", "select { set = 1, hash_pvar = \"$xY\" }", "select.hash_pvar: $xY", "$ci $fu");
        rule("no rule at all", "when { method = INVITE }", ": when", "a select block or a reply block");
        rule("bad address block", "when { source = \"10.0.0.0/33\" }", "when.source: 10.0.0.0/33", "10.1.0.0/16");
        rule("bad regular expression", "when { ruri = \"sip:(\" }", "when.ruri: sip:(", "a regular expression");
        rule("unknown socket", "when.socket = other, select.set = 1", "when.socket: other", "one of main");
        rule("bad failover", "select.set = 1, relay.failover = \"200\"", "relay.failover: 200", "408,5xx");
        rule("failover without list", "select.set = 1, relay.failover = 5xx", "select.flags: none", "F, because");
        rule("bad path", "select.set = 1, relay.path = maybe", "relay.path: maybe", "one of no, if-supported, yes");
        rule(
                "path without forwarding",
                "select.set = 1, relay { mode = redirect, path = yes }",
                "relay.path: yes",
                "no in");
        rule("bad mode", "select.set = 1, relay.mode = statefull", "relay.mode: statefull", "stateless, stateful");
    }

    private static void brokenLimits() throws IOException {
        added("no time", "relay-defaults.fr_timeout = soon", "relay-defaults.fr_timeout: soon", "from 100ms to 3600s");
        added("too short", "relay-defaults.fr_timeout = 1ms", "relay-defaults.fr_timeout: 1ms", "100ms");
        added("time without a unit", "relay.t1 = 500", "relay.t1: 500", "a time with its unit");
        added("quoted time without a unit", "relay.t1 = \"500\"", "relay.t1: 500", "a time with its unit");
        added("too many lanes", "transport.lanes = 64", "transport.lanes: 64", "a whole number from 1 to 63");
        added("short secret", "relay.secret = abc", "relay.secret: of 3 characters", "8 characters or more");
        added(
                "probing socket that is none",
                "probing.ds_probing_sock = trunk",
                "probing.ds_probing_sock: trunk",
                "sockets");
        added("huge datagrams", "relay.udp-mtu = 70000", "relay.udp-mtu: 70000", "from 0 to 65507");
        added("no TCP for large requests", "relay.udp-mtu = 1300", "relay.udp-mtu: 1300", "0, or a TCP socket");
        added(
                "no time for the way back to UDP",
                "relay.udp-mtu = 1300, sockets.stream = \"tcp:127.0.0.1:5099\", transport.tcp.connect-timeout = 5s",
                "rules[0].relay.fr_timeout: 5s",
                "more than transport.tcp.connect-timeout, 5s");
        added(
                "no time for the way back to UDP within a dialog",
                "relay { udp-mtu = 1300, t1 = 40ms, t2 = 100ms }, sockets.stream = \"tcp:127.0.0.1:5099\"",
                "relay.t1: 40ms",
                "more than 1/64 of transport.tcp.connect-timeout, 3s");
        added("unknown IP version", "transport.ip-versions = 5", "transport.ip-versions: 5", "any, 4, 6");
        added(
                "two thresholds",
                "probing { ds_probing_threshhold = 2, ds_probing_threshold = 3 }",
                "probing.ds_probing",
                "");
        added("peers without a secret", SEEDS + "\"127.0.0.1:2552\" ] }", "relay.secret: nothing", "on all nodes");
        added(
                "peers without this node",
                SEEDS + "\"127.0.0.3:2552\" ] }, relay.secret = 0123456789",
                "cluster.seed-nodes: ",
                "127.0.0.1:2552");
        added("code that is no failure", "unusable.code = 200", "unusable.code: 200", "from 300 to 699");
    }

    private static void brokenManagement() throws IOException {
        String taken = "127.0.0.1:" + takenTcp.getLocalPort();
        added(
                "management port in use",
                "management.port = " + takenTcp.getLocalPort(),
                "management.port: " + taken,
                "that is free");
        management("anybody from everywhere", "host = \"0.0.0.0\"", "host: 0.0.0.0", "management.tokens");
        management("anybody from a network", "host = \"192.0.2.1\"", "host: 192.0.2.1", "client-ca");
        management("TLS that asks nobody", "host = \"::\", tls { certificate = a, key = b }", "host: ::", "tokens");
        management(
                "only tokens that are left out",
                "host = \"0.0.0.0\", " + token("name = a, token = ${?SIP_DISPATCHER_NO_SUCH_TOKEN}, role = write"),
                "host: 0.0.0.0",
                "management.tokens");
        management("short token", token("name = a, token = hidden, role = read"), "tokens[0].token: of 6", "16");
        management("no such role", token("name = a, role = admin"), "tokens[0].role: admin", "read, write");
        management("token without a name", token("role = read"), "tokens[0].name: nothing", "a text");
        management("two of a name", twoTokens("a", "a"), "tokens: 2 tokens", "each with its own");
        management("key without certificate", "tls.key = a.pem", "tls.certificate: nothing", "a PEM file");
        management("writers without clients", "tls.writers = [ann]", "tls.writers: ann", "client-ca");
        management(
                "certificate that is none",
                "tls { certificate = conf/dispatcher.list, key = a.pem }",
                "tls.certificate: conf/dispatcher.list",
                "BEGIN CERTIFICATE");
        management(
                "certificate that is not there",
                "tls { certificate = missing.pem, key = a.pem }",
                "tls.certificate: missing.pem",
                "can be read");
        management("tiny bodies", "max-body = 1", "max-body: 1", "1024");
    }

    private static String token(String keys) {
        return "tokens = [ { " + keys + " } ]";
    }

    private static String twoTokens(String one, String other) {
        String token = "{ name = %s, token = hidden-hidden-%s, role = read }";
        return "tokens = [ " + token.formatted(one, "first") + ", " + token.formatted(other, "second") + " ]";
    }

    private static void management(String name, String keys, String begins, String holds) throws IOException {
        added(name, "management { " + keys + " }", "management." + begins, holds);
    }

    private static void brokenCommandLines() {
        command("no command", "command line: nothing", "run or demo");
        command("unknown command", "command line: start", "'start'", "start");
        command("unknown option", "command line: run --bogus", "'--bogus'", "run", "--bogus");
        command("option without its value", "command line: run -c", "FILE", "run", "-c");
        command("calls that are no number", "command line: demo -n many", "'many'", "demo", "-n", "many");
    }

    private static void rule(String name, String rule, String begins, String holds) throws IOException {
        added(name, RULES.formatted(rule), "rules[0]" + (begins.startsWith(":") ? "" : ".") + begins, holds);
    }

    private static void partition(String name, String keys, String begins, String holds) throws IOException {
        added(name, "partitions.default { " + keys + " }", "partitions.default." + begins, holds);
    }

    /** A valid configuration plus one invalid setting. */
    private static void added(String name, String settings, String begins, String holds) throws IOException {
        String good = "data-dir = \"" + Files.createTempDirectory(directory, "data") + "\"\n"
                + "sockets { main = \"udp:127.0.0.1:" + Ports.next() + "\" }\n"
                + "partitions { default { db_url = \"file:" + directory.resolve("dispatcher.list") + "\" } }\n"
                + RULES.formatted("select { set = 1 }") + "\n";
        whole(name, "sip-dispatcher {\n" + good + settings + "\n}\n", begins, holds);
    }

    private static void whole(String name, String configuration, String begins, String holds) throws IOException {
        Path file = Files.createTempFile(directory, "broken", ".conf");
        Files.writeString(file, configuration);
        command(name, begins, holds, "run", "-c", file.toString());
    }

    private static void command(String name, String begins, String holds, String... arguments) {
        BROKEN.add(new Broken(name, List.of(arguments), begins, holds));
    }

    private static Path oldTable() throws IOException {
        String script = Files.readString(Path.of("conf/sample.sql")).replace("'dispatcher', 9", "'dispatcher', 6");
        return Files.writeString(directory.resolve("old.sql"), script);
    }

    /** The program as its own process. */
    private static ProgramRun process(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dlogback.configurationFile=conf/logback.xml"));
        command.addAll(NodeArchive.options());
        command.add("org.sipdispatch.app.Main");
        command.addAll(arguments);
        Path out = Files.createTempFile(directory, "out", ".txt");
        Path err = Files.createTempFile(directory, "err", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        // The virtual machine prints these on standard error.
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
        Process process = builder.start();
        try {
            int status = process.waitFor(60, TimeUnit.SECONDS) ? process.exitValue() : -1;
            return new ProgramRun(status, Files.readString(out), Files.readString(err));
        } finally {
            process.destroyForcibly();
        }
    }

    /** The program in this process. What it logs counts as standard error, where the log of a process goes. */
    private static ProgramRun here(List<String> arguments) {
        Thread here = Thread.currentThread();
        Logger log = (Logger) LoggerFactory.getLogger("org.sipdispatch");
        StringBuffer logged = new StringBuffer();
        AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                // Threads of other tests in this process may still log.
                if (Thread.currentThread() == here) {
                    logged.append(event.getFormattedMessage()).append('\n');
                }
            }
        };
        appender.start();
        log.setLevel(Level.INFO);
        log.addAppender(appender);
        try {
            ProgramRun run = ProgramRun.of(arguments.toArray(String[]::new));
            return new ProgramRun(run.status(), run.out(), logged + run.err());
        } finally {
            log.detachAppender(appender);
            log.setLevel(null);
        }
    }

    static Stream<Broken> broken() {
        return BROKEN.stream();
    }

    /** The time limit ends a node that starts although it must not. */
    @Test
    void allProblemsOfTheSettingsArePrintedWithTheirLines() throws IOException {
        Path file = Files.createTempFile(directory, "broken", ".conf");
        Files.writeString(
                file,
                "sip-dispatcher {\n relay.t1 = 5\n sokets { }\n " + RULES.formatted("select.set = 1")
                        + "\n partitions.default.db_url = \"file:x\"\n}\n");

        ProgramRun run = ProgramRun.of("run", "-c", file.toString());

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err().lines())
                .anyMatch(line -> line.startsWith(file + ":2: error: relay.t1: 5"))
                .anyMatch(
                        line -> line.startsWith(file + ":3: error: sokets: ") && line.contains("did you mean sockets?"))
                .last()
                .isEqualTo(
                        "not started; to check the configuration and its destinations: sip-dispatcher check " + file);
    }

    @ParameterizedTest
    @MethodSource("broken")
    @Timeout(300)
    void oneLineSaysWhatIsWrongAndTheStatusIsTwo(Broken broken) throws Exception {
        Future<ProgramRun> process = PROCESSES.get(broken.name);

        ProgramRun run = process == null ? here(broken.arguments) : process.get();

        List<String> lines = run.err().lines().toList();
        // Settings are reported as by the command check, and followed by its name.
        boolean isSetting = run.err().contains(": error: ");
        assertThat(lines).as(run.err()).hasSize(isSetting ? 2 : 1);
        if (isSetting) {
            assertThat(lines.get(0)).startsWith(directory.toString());
            assertThat(lines.get(1)).contains("sip-dispatcher check " + directory);
        }
        assertThat(lines.get(0).replaceFirst(".+\\.conf(:\\d+)?: error: ", ""))
                .startsWith(broken.begins)
                .contains(broken.holds)
                .matches(".+: .+ \\(expected: .+\\)")
                .doesNotContain("hidden");
        assertThat(run.out()).isEmpty();
        assertThat(run.status()).isEqualTo(2);
    }
}
