/** Receives and sends bytes: sockets, framing, connections, name resolution. Each lane runs on one thread. */
package org.sipdispatch.transport;
