/**
 * Which certificates and keys? PEM files are read here and nowhere else, and become contexts. A context never changes: for
 * files that have changed a new one is made, and used for the next connections. Uses {@code settings} only.
 */
package org.sipdispatch.tls;
