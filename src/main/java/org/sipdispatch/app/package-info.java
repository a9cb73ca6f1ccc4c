/** The program: command line, configuration file, wiring, start and shutdown. Uses all other packages. */
package org.sipdispatch.app;
