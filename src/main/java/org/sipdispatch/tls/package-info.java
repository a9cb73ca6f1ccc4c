/**
 * How certificates and keys become TLS contexts. PEM files are read here and nowhere else. A context holds several
 * certificates, of which the server presents the one that the client names (SNI); files that have changed are read by
 * making a new context for the next connections. Uses {@code settings} only.
 */
package org.sipdispatch.tls;
