/**
 * Routing, failover and forwarding of requests and responses (RFC 3261 section 16), as plain objects on one thread;
 * time is an argument. Reaches sockets, sets and DNS through its own interfaces.
 */
package org.sipdispatch.proxy;
