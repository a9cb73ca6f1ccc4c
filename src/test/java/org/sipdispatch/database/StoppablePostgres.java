package org.sipdispatch.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;
import org.sipdispatch.agents.Ports;

/** A PostgreSQL server of one test, which can be stopped and started again with its data. */
public final class StoppablePostgres implements AutoCloseable {
    private final Path directory;
    private final int port = Ports.next();
    private EmbeddedPostgres server;

    private StoppablePostgres(Path directory) {
        this.directory = directory;
    }

    /** Starts a server. The test is skipped if none can run. */
    public static StoppablePostgres begin() {
        try {
            Path parent = Files.createDirectories(Path.of("target").toAbsolutePath());
            StoppablePostgres postgres = new StoppablePostgres(
                    Files.createTempDirectory(parent, "postgres").resolve("data"));
            postgres.start();
            return postgres;
        } catch (IOException | UncheckedIOException | LinkageError | IllegalStateException e) {
            return Assumptions.abort("embedded PostgreSQL cannot run: " + e);
        }
    }

    public void start() {
        try {
            server = EmbeddedPostgres.builder()
                    .setDataDirectory(directory)
                    .setCleanDataDirectory(false)
                    .setPort(port)
                    .setPGStartupWait(Duration.ofSeconds(60))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops the server: connections close, new ones are refused. */
    public void stop() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres";
    }

    @Override
    public void close() {
        stop();
    }
}
