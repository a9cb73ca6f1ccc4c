package org.sipdispatch.transaction;

/**
 * The peer that a TLS connection has to lead to (RFC 5922).
 *
 * @param name the name that its certificate must have: a host name in lower case, or an IP address
 * @param domain the block of {@code tls.client_domains}; null for the one that fits the address, or the default
 */
public record TlsPeer(String name, String domain) {}
