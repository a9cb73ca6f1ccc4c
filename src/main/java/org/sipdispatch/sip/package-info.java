/**
 * What was said? Messages, URIs, header fields, the edits of a proxy and the branches that it writes. Uses nothing but
 * text and collections: no sockets, no clock, no chance.
 */
package org.sipdispatch.sip;
