/**
 * Carry it, and what if it fails? Transactions, timers, failover and dialogs, as plain objects on one thread that are
 * told the time. Uses {@code sip}, {@code sets}, {@code destination}, {@code routing} and {@code settings}; reaches the
 * outside through its own doors.
 */
package org.sipdispatch.proxy;
