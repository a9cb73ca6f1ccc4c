package org.sipdispatch.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.tls.KeyCertificate;
import org.sipdispatch.tls.PemFile;
import org.sipdispatch.tls.TlsContext;
import picocli.CommandLine.Option;

/** The options of every command that talks to a node. */
final class NodeOptions {
    @Option(
            names = "--node",
            paramLabel = "URL",
            description = "the node's management address; default: SIP_DISPATCHER_NODE, else"
                    + " http://127.0.0.1:8558. Of several the first that can be reached.")
    private List<String> nodes = List.of();

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "a file with the token; default: SIP_DISPATCHER_TOKEN")
    private Path tokenFile;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description = "PEM certificates to trust for https, instead of those that Java trusts")
    private Path authorities;

    @Option(names = "--cert", paramLabel = "FILE", description = "our own certificate for https, PEM")
    private Path certificate;

    @Option(names = "--key", paramLabel = "FILE", description = "the key of the certificate, PEM (PKCS 8)")
    private Path key;

    @Option(names = "--json", description = "print the node's response as it is")
    private boolean json;

    boolean json() {
        return json;
    }

    NodeClient client() {
        String token = token();
        return new NodeClient(
                urls().stream().map(url -> NodeAddress.parse(url, token)).toList(),
                authorities == null && certificate == null ? null : tls());
    }

    private SSLContext tls() {
        if ((certificate == null) != (key == null)) {
            throw new SettingException(certificate == null ? "--cert" : "--key", "nothing", "a file; --cert and --key");
        }
        return TlsContext.of(
                certificate == null
                        ? List.of()
                        : List.of(KeyCertificate.read(pem("--cert", certificate), pem("--key", key))),
                authorities == null ? null : pem("--ca", authorities).certificates());
    }

    private static PemFile pem(String option, Path file) {
        return new PemFile(option, file.toString());
    }

    private List<String> urls() {
        if (!nodes.isEmpty()) {
            return nodes;
        }
        String named = System.getenv("SIP_DISPATCHER_NODE");
        return named == null || named.isBlank()
                ? List.of("http://127.0.0.1:8558")
                : Arrays.stream(named.split("[,\\s]+"))
                        .filter(url -> !url.isEmpty())
                        .toList();
    }

    private String token() {
        String token = tokenFile == null ? System.getenv("SIP_DISPATCHER_TOKEN") : read();
        if (token == null || token.isBlank()) {
            if (tokenFile != null) {
                throw new SettingException("--token-file", tokenFile, "a file with a token in it");
            }
            return null;
        }
        if (!token.strip().matches("[\\x21-\\x7e]+")) {
            throw new SettingException(
                    "token", "of " + token.strip().length() + " characters", "printable ASCII, no blanks");
        }
        return token.strip();
    }

    private String read() {
        try {
            return Files.readString(tokenFile);
        } catch (IOException e) {
            throw new SettingException("--token-file", tokenFile, "a file that can be read");
        }
    }
}
