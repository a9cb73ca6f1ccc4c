/**
 * The data that all nodes share by Akka Distributed Data: definitions, statuses, and the set views derived from both.
 */
package org.sipdispatch.replication;
