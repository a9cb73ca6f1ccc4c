/** Logging without blocking the logging threads. */
package org.sipdispatch.logging;
