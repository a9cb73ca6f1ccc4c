/** Light the house: the command line, the configuration file, wiring and shutdown. Uses all other rooms. */
package org.sipdispatch.app;
