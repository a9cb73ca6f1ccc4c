/**
 * Client and server transactions (RFC 3261 section 17), their timers, and the transport interface below them. A client
 * transaction reports to its {@link org.sipdispatch.transaction.TransactionUser}. Plain objects on one thread; time is
 * an argument. Does not depend on lanes or counters.
 */
package org.sipdispatch.transaction;
