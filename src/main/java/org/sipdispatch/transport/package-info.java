/**
 * Bytes in, bytes out: sockets, framing, connections, names and their addresses. Holds one lane on one thread. Uses
 * the packages of the data path ({@code proxy}, {@code observation}, {@code transaction}, {@code routing},
 * {@code destination}, {@code sets}, {@code sip}), {@code settings} and Akka IO.
 */
package org.sipdispatch.transport;
