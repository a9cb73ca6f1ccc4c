/** The program: command line, configuration file, wiring, start and shutdown. */
package org.sipdispatch.app;
