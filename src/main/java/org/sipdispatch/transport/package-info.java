/**
 * Bytes in, bytes out: sockets, framing, connections, names and their addresses. Holds one lane on one thread. Uses
 * the rooms of the traffic ({@code relay}, {@code routing}, {@code destination}, {@code sets}, {@code sip}), {@code settings} and Akka IO.
 */
package org.sipdispatch.transport;
