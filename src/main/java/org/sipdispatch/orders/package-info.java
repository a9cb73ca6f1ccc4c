/**
 * Delivery of operators' orders to actors of other nodes: at most once, with permission of the node that gave them, and what
 * became of them.
 */
package org.sipdispatch.orders;
