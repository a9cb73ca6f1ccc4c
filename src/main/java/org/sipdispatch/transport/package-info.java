/**
 * Receives and sends bytes: sockets, framing, connections, name resolution. Each lane runs on one thread. Uses
 * {@code proxy}, {@code observation}, {@code transaction}, {@code routing}, {@code destination}, {@code sets}, {@code sip}, {@code settings} and Akka IO.
 */
package org.sipdispatch.transport;
