/**
 * Which certificates and keys? This package is the only reader of PEM files, and creates TLS contexts from them. A
 * context never changes: when files have changed, a new context serves the next connections. Uses only
 * {@code settings}.
 */
package org.sipdispatch.tls;
