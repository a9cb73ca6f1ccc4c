/** WebSocket as a server for SIP speaks it (RFC 6455, RFC 7118): handshake and frames. No sockets, no clock. */
package org.sipdispatch.websocket;
