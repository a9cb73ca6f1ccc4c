/** How the log is written without blocking the threads that log. Knows Logback, and no other package. */
package org.sipdispatch.logging;
