/**
 * Limits of calls: the places and rates that a node may use, and how the nodes of a cluster share them. Reads no clock:
 * each time is an argument.
 */
package org.sipdispatch.limits;
