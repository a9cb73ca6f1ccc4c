/**
 * Delivery of operator orders to actors of other nodes: executed at most once, with permission of the node that sent
 * the order, and the outcomes of the last orders.
 */
package org.sipdispatch.orders;
