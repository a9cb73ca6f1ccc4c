/**
 * Reads keys of the configuration and refuses bad values with a one-line error. Any package may use this one; it uses
 * only the configuration library.
 */
package org.sipdispatch.settings;
