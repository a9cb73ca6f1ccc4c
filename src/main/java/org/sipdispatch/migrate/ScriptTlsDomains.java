package org.sipdispatch.migrate;

import java.util.List;

/** The TLS domains of a script, and which of them applies to a listener or a destination. */
interface ScriptTlsDomains {
    /** Reads a parameter of a module. Returns false if the module is another one. */
    boolean take(Script.FunctionCall modparam);

    /** Follows the last parameter. */
    void finish();

    /** All domains, in the order of the script. */
    List<TlsProfile> all();

    /**
     * The domains of a listener: first the one for clients that ask for no name by SNI, then those that the name in SNI
     * selects; empty if there is none.
     */
    List<TlsProfile> listener(String host, String port);

    /** The domains of listeners whose address no domain names. */
    List<TlsProfile> otherListeners();

    /** The domain of destinations that select none; null if there is none. */
    TlsProfile destinations();

    /** Why a listener has no certificate. */
    String missing();
}
