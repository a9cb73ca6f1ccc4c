package org.sipdispatch.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.sipdispatch.settings.DataDirectory;
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.tls.CertificateAuthority;
import org.sipdispatch.tls.CertifiedHost;
import org.sipdispatch.tls.KeyCertificate;
import org.sipdispatch.tls.PemFile;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code certificates}: makes an authority and certificates for nodes. */
@Command(
        name = "certificates",
        description = "Makes a certificate authority, and certificates for the nodes of a cluster (cluster.tls)."
                + " Contacts no node. Only the user that runs it may read the files.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "ca|node",
        footerHeading = "%nExamples:%n",
        footer = {
            "  sip-dispatcher certificates ca",
            "  sip-dispatcher certificates node 10.0.0.1 node1.example.com",
            "  scp -r certificates/10.0.0.1 10.0.0.1:/etc/sip-dispatcher/tls"
        })
final class CertificatesCommand implements Runnable {
    private static final String CA_CERTIFICATE = "ca.pem";
    private static final String CA_KEY = "ca.key";
    private static final String NODE_CERTIFICATE = "node.pem";
    private static final int LONGEST_DAYS = 36_500;

    @Option(
            names = "--dir",
            scope = CommandLine.ScopeType.INHERIT,
            paramLabel = "DIR",
            defaultValue = "certificates",
            description = "the directory of the authority; default: ${DEFAULT-VALUE}")
    private Path directory;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new SettingException("certificates", "nothing", "ca or node, see --help");
    }

    @Command(
            name = "ca",
            description = "Makes an authority: ca.pem, which all nodes need, and ca.key, which must stay secret.",
            mixinStandardHelpOptions = true)
    void ca(
            @Option(
                            names = "--name",
                            paramLabel = "NAME",
                            defaultValue = "sip-dispatcher nodes",
                            description = "the name in the certificate; default: ${DEFAULT-VALUE}")
                    String name,
            @Option(
                            names = "--days",
                            paramLabel = "N",
                            defaultValue = "3650",
                            description = "how long it is valid; default: ${DEFAULT-VALUE}")
                    int days) {
        if (!name.matches("[A-Za-z0-9 ._-]{1,64}")) {
            throw new SettingException("--name", name, "1 to 64 letters, digits, blanks and . _ -");
        }
        // An authority whose key was moved to another host is one too.
        for (String file : List.of(CA_KEY, CA_CERTIFICATE)) {
            if (Files.exists(directory.resolve(file))) {
                throw new SettingException(
                        "--dir", directory, "a directory without " + file + ": this one has an authority");
            }
        }
        Instant now = now();
        Duration validity = validity(days);
        CertificateAuthority.Issued issued = CertificateAuthority.create(name, now, validity);
        write(directory.resolve(CA_KEY), issued.key());
        write(directory.resolve(CA_CERTIFICATE), issued.certificate());
        print(directory.resolve(CA_CERTIFICATE) + " and " + CA_KEY + ": valid until "
                + now.plus(validity) + "; keep the key where no node is; "
                + "next: sip-dispatcher certificates node HOST");
    }

    @Command(
            name = "node",
            description = "Makes the certificate of a node: DIR/HOST with node.pem, node.key and ca.pem. An existing"
                    + " one is replaced; its names stay, unless new ones are given.",
            mixinStandardHelpOptions = true)
    void node(
            @Parameters(
                            arity = "1..*",
                            paramLabel = "HOST",
                            description = "the node's cluster.host, and further names or addresses; cluster.host alone"
                                    + " keeps those of the existing certificate")
                    List<String> hosts,
            @Option(
                            names = "--days",
                            paramLabel = "N",
                            defaultValue = "825",
                            description = "how long it is valid; default: ${DEFAULT-VALUE}")
                    int days) {
        Duration validity = validity(days);
        List<CertifiedHost> names = parsed(hosts);
        Path own = directory.resolve(names.get(0).text());
        if (names.size() == 1) {
            names.addAll(formerNames(names.get(0), own.resolve(NODE_CERTIFICATE)));
        }
        issue(own, names, validity);
    }

    private static List<CertifiedHost> parsed(List<String> hosts) {
        List<CertifiedHost> names = new ArrayList<>();
        for (String host : hosts) {
            CertifiedHost one = CertifiedHost.parse(host);
            if (one == null) {
                throw new SettingException("HOST", host, "a host name or an IP address");
            }
            names.add(one);
        }
        return names;
    }

    private void issue(Path node, List<CertifiedHost> names, Duration validity) {
        PemFile authority =
                new PemFile("--dir", directory.resolve(CA_CERTIFICATE).toString());
        PemFile key = new PemFile("--dir", directory.resolve(CA_KEY).toString());
        Instant now = now();
        CertificateAuthority.Issued issued =
                CertificateAuthority.of(KeyCertificate.read(authority, key)).issue(names, now, validity);
        write(node.resolve("node.key"), issued.key());
        write(node.resolve(NODE_CERTIFICATE), issued.certificate());
        write(node.resolve(CA_CERTIFICATE), text(directory.resolve(CA_CERTIFICATE)));
        print(node + ": for " + names.stream().map(CertifiedHost::text).collect(Collectors.joining(", "))
                + ", valid until " + now.plus(validity));
        print("copy it to the node, readable for its user only, and set cluster.tls to the directory there");
    }

    /** The further names in the certificate that the node has; none if it has no certificate. */
    private static List<CertifiedHost> formerNames(CertifiedHost host, Path certificate) {
        if (!Files.exists(certificate)) {
            return List.of();
        }
        try {
            return host.othersIn(
                    new PemFile("HOST", certificate.toString()).certificates().get(0));
        } catch (SettingException e) {
            throw new SettingException(
                    "HOST",
                    host,
                    "all names of the node, because those of its certificate cannot be read; " + e.getMessage());
        }
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS);
    }

    private static Duration validity(int days) {
        if (days < 1 || days > LONGEST_DAYS) {
            throw new SettingException("--days", days, "1 to " + LONGEST_DAYS);
        }
        return Duration.ofDays(days);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new SettingException("--dir", file, "a file that can be read");
        }
    }

    private static void write(Path file, String text) {
        try {
            DataDirectory.write(file, text);
        } catch (IOException e) {
            throw new SettingException("--dir", file, "a file that can be written; " + e.getMessage());
        }
    }

    private void print(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}
