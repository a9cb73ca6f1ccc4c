/**
 * Certificates and keys. This package is the only reader of PEM files, and creates TLS contexts from them. A context
 * never changes: when files have changed, a new context serves the next connections.
 */
package org.sipdispatch.tls;
