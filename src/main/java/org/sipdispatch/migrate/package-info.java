/**
 * Imports configurations of OpenSIPS and Kamailio and dispatcher lists of Kamailio. Converts text to text and opens no
 * files.
 */
package org.sipdispatch.migrate;
