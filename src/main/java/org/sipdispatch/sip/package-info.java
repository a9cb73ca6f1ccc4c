/**
 * Parses and writes SIP: messages, URIs, header fields, the edits that a proxy makes and the branches that it writes.
 * Uses only text and collections of the JDK: no sockets, no clock, no random numbers.
 */
package org.sipdispatch.sip;
