/**
 * The cluster's history in its database: what happened, when and on whose order, and its delivery to webhooks and UDP
 * listeners.
 */
package org.sipdispatch.history;
