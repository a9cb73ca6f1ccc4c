package org.sipdispatch.tls;

import java.util.List;
import org.sipdispatch.settings.SettingException;

/** Finds all reasons why the files and cipher suites of a TLS domain cannot be used, not only the first one. */
final class TlsFileCheck {
    private TlsFileCheck() {}

    /**
     * Adds those of a domain.
     *
     * @param inherited the default domain, whose problems are added only once, for itself; null if the domain is the
     *     default
     */
    static void add(List<SettingException> all, TlsDomain domain, TlsDomain inherited) {
        if (inherited == null
                || !domain.certificates().equals(inherited.certificates())
                || !domain.keys().equals(inherited.keys())) {
            for (int i = 0; i < domain.certificates().size(); i++) {
                addPair(all, domain.certificateFiles().get(i), domain.keyFiles().get(i));
            }
        }
        if (inherited == null || !domain.caList().equals(inherited.caList())) {
            domain.authorityFiles().forEach(file -> attempt(all, file::certificates));
        }
        if (inherited == null || !domain.ciphers().equals(inherited.ciphers())) {
            domain.ciphers().forEach(suite -> attempt(all, () -> domain.checkCipher(suite)));
        }
    }

    private static void addPair(List<SettingException> all, PemFile certificate, PemFile key) {
        int before = all.size();
        attempt(all, certificate::certificates);
        attempt(all, key::privateKey);
        if (all.size() == before) {
            attempt(all, () -> KeyCertificate.read(certificate, key));
        }
    }

    /** Adds what {@code reading} throws. */
    static void attempt(List<SettingException> all, Runnable reading) {
        try {
            reading.run();
        } catch (SettingException e) {
            all.add(e);
        }
    }
}
