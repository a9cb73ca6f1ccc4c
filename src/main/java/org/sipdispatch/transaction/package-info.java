/**
 * RFC 3261 section 17: client and server transactions, their timers, and the transport below them. What a client
 * transaction reports goes to its {@link org.sipdispatch.transaction.TransactionUser}. Plain objects on one thread; time
 * is an argument. Uses {@code sip}; knows neither lanes nor counters.
 */
package org.sipdispatch.transaction;
