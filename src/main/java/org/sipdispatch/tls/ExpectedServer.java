package org.sipdispatch.tls;

/**
 * The server to which an outgoing connection has to lead.
 *
 * @param name the name that its certificate must have
 * @param isExplicit whether the name counts even if the domain has a {@code verify_name}
 */
public record ExpectedServer(String name, boolean isExplicit) {}
