/** What does a configuration of OpenSIPS or Kamailio, or a list of Kamailio, say, in our words? Text in, text out; nothing is opened. */
package org.sipdispatch.migrate;
