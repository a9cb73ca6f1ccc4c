/** Logging without blocking the logging threads. Uses Logback, and no other package of this program. */
package org.sipdispatch.logging;
