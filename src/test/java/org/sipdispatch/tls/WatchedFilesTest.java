package org.sipdispatch.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.tls.WatchedFiles.CheckResult.CHANGED;
import static org.sipdispatch.tls.WatchedFiles.CheckResult.REFUSED;
import static org.sipdispatch.tls.WatchedFiles.CheckResult.SAME;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sipdispatch.agents.NodeCertificates;
import org.sipdispatch.settings.SettingException;

class WatchedFilesTest {
    @TempDir
    private Path directory;

    private WatchedFiles<String> files;

    @BeforeEach
    void begin() throws IOException {
        write("a", "1");
        write("b", "2");
        files = new WatchedFiles<>(List.of(pem("a"), pem("b")), () -> text("a") + text("b"));
    }

    private PemFile pem(String name) {
        return new PemFile("key", directory.resolve(name).toString());
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }

    private String text(String name) {
        try {
            String text = Files.readString(directory.resolve(name));
            if (text.equals("bad")) {
                throw pem(name).bad("a good one");
            }
            return text;
        } catch (IOException e) {
            throw new SettingException("key", name, "a file");
        }
    }

    @Test
    void aChangeAppliesWhenTwoLooksFindTheSame() throws IOException {
        assertThat(files.look()).isEqualTo(SAME);
        write("a", "3");
        assertThat(files.look()).isEqualTo(SAME);
        write("b", "4");
        assertThat(files.look()).isEqualTo(SAME);
        assertThat(files.current()).isEqualTo("12");
        assertThat(files.look()).isEqualTo(CHANGED);
        assertThat(files.current()).isEqualTo("34");
        assertThat(files.look()).isEqualTo(SAME);
    }

    @Test
    void filesThatCannotBeUsedAreToldOnceAndTheOldOnesStay() throws IOException {
        write("a", "bad");

        assertThat(List.of(files.look(), files.look(), files.look())).containsExactly(SAME, REFUSED, SAME);
        assertThat(files.problem()).contains("a good one");
        assertThat(files.current()).isEqualTo("12");

        write("a", "1");
        assertThat(List.of(files.look(), files.look())).containsExactly(SAME, CHANGED);
        assertThat(files.problem()).isEmpty();
    }

    private KeyCertificate certificate() {
        return KeyCertificate.read(pem("node/node.pem"), pem("node/node.key"));
    }

    @Test
    void aCertificateThatIsNotValidYetIsUsedFromItsBeginningOn() {
        Instant now = Instant.now();
        NodeCertificates authority = new NodeCertificates(directory, "ours");
        authority.node("node", "10.0.0.1");
        WatchedFiles<KeyCertificate> watched = new WatchedFiles<>(
                List.of(pem("node/node.pem"), pem("node/node.key")), this::certificate, own -> List.of(own.inUse()));
        authority.node("node", now.plus(Duration.ofHours(5)), Duration.ofDays(90), "10.0.0.2");

        assertThat(List.of(watched.look(now), watched.look(now), watched.look(now)))
                .containsExactly(SAME, REFUSED, SAME);
        assertThat(watched.presented().get(0).names()).containsExactly("10.0.0.1");
        assertThat(List.of(watched.look(now.plus(Duration.ofHours(5))), watched.look(now.plus(Duration.ofHours(6)))))
                .containsExactly(CHANGED, SAME);
        assertThat(watched.presented().get(0).names()).containsExactly("10.0.0.2");
        assertThat(watched.problem()).isEmpty();
    }

    @Test
    void aCertificateThatBecomesValidIsReadAgainAndMayBeRefusedThen() {
        Instant now = Instant.now();
        NodeCertificates authority = new NodeCertificates(directory, "ours");
        authority.node("node", "10.0.0.1");
        AtomicBoolean refuses = new AtomicBoolean();
        WatchedFiles<KeyCertificate> watched = new WatchedFiles<>(
                List.of(pem("node/node.pem"), pem("node/node.key")),
                () -> {
                    if (refuses.get()) {
                        throw pem("node/node.pem").bad("one for this host");
                    }
                    return certificate();
                },
                own -> List.of(own.inUse()));
        authority.node("node", now.plus(Duration.ofHours(5)), Duration.ofDays(90), "10.0.0.2");
        assertThat(List.of(watched.look(now), watched.look(now))).containsExactly(SAME, REFUSED);
        refuses.set(true);

        assertThat(List.of(watched.look(now.plus(Duration.ofHours(5))), watched.look(now.plus(Duration.ofHours(6)))))
                .containsExactly(REFUSED, SAME);
        assertThat(watched.problem()).contains("one for this host");
        assertThat(watched.presented().get(0).names()).containsExactly("10.0.0.1");
    }

    /** Puts an authority into the directory that is not valid in the next three hours, but in the sixth. */
    private void writeEarlyAuthority(Instant now) throws IOException {
        write(
                "ca.pem",
                CertificateAuthority.create("next", now.plus(Duration.ofHours(5)), Duration.ofDays(90))
                        .certificate());
    }

    @Test
    void filesThatAreRefusedAreReadAgainWhenAnAuthorityBecomesValid() throws IOException {
        Instant now = Instant.now();
        write("ca.pem", "");
        AtomicBoolean refuses = new AtomicBoolean();
        WatchedFiles<String> watched = new WatchedFiles<>(List.of(pem("a"), pem("ca.pem")), () -> {
            if (refuses.get()) {
                throw pem("ca.pem").bad("an authority that is valid");
            }
            return text("ca.pem");
        });
        writeEarlyAuthority(now);
        refuses.set(true);
        assertThat(List.of(watched.look(now), watched.look(now), watched.look(now.plus(Duration.ofHours(3)))))
                .containsExactly(SAME, REFUSED, SAME);
        refuses.set(false);

        assertThat(List.of(
                        watched.look(now.plus(Duration.ofHours(3))),
                        watched.look(now.plus(Duration.ofHours(6))),
                        watched.look(now.plus(Duration.ofHours(7)))))
                .containsExactly(SAME, CHANGED, SAME);
        assertThat(watched.current()).contains("BEGIN CERTIFICATE");
        assertThat(watched.problem()).isEmpty();
    }

    @Test
    void anEarlyCertificateInPlaceOfAnExpiredOneIsCheckedAgainWhenItBecomesValid() {
        Instant now = Instant.now();
        NodeCertificates authority = new NodeCertificates(directory, "ours");
        authority.node("node", now.minus(Duration.ofDays(9)), Duration.ofDays(8), "10.0.0.1");
        AtomicBoolean refuses = new AtomicBoolean();
        WatchedFiles<KeyCertificate> watched = new WatchedFiles<>(
                List.of(pem("node/node.pem"), pem("node/node.key")),
                () -> {
                    if (refuses.get()) {
                        throw pem("node/node.pem").bad("one of this authority");
                    }
                    return certificate();
                },
                own -> List.of(own.inUse()));
        authority.node("node", now.plus(Duration.ofHours(5)), Duration.ofDays(90), "10.0.0.2");
        assertThat(List.of(watched.look(now), watched.look(now), watched.look(now)))
                .containsExactly(SAME, CHANGED, SAME);
        refuses.set(true);

        assertThat(List.of(watched.look(now.plus(Duration.ofHours(6))), watched.look(now.plus(Duration.ofHours(7)))))
                .containsExactly(REFUSED, SAME);
        assertThat(watched.problem()).contains("one of this authority");
    }

    @Test
    void aFileThatIsGoneIsRefused() throws IOException {
        Files.delete(directory.resolve("b"));

        assertThat(List.of(files.look(), files.look())).containsExactly(SAME, REFUSED);
        assertThat(files.current()).isEqualTo("12");
    }
}
