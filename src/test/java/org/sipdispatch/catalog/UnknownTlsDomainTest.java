package org.sipdispatch.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnknownTlsDomainTest {
    @Test
    void aLoadWarnsOfATlsDomainThatDoesNotExist(@TempDir Path directory) throws IOException {
        Path list = Files.writeString(directory.resolve("my.list"), """
                1 sip:a.example.com;transport=tls 0 0 tls_domain=carrier
                1 sip:b.example.com;transport=tls 0 0 tls_domain=ours
                1 sip:c.example.com;transport=tls
                """);
        CatalogSettings settings = CatalogSamples.settings("default.db_url = \"file:" + list + "\"");

        try (Catalog catalog = Catalog.open(settings, CatalogSamples.SOCKETS).withTlsDomains(Set.of("ours"))) {
            assertThat(catalog.load("default").warnings())
                    .containsExactly("attrs of sip:a.example.com;transport=tls in set 1: tls_domain=carrier"
                            + " (expected: a block of tls.client_domains)");
        }
    }
}
