/** What does it look like at work? User agents for the demo command. Uses {@code sip} and {@code settings}. */
package org.sipdispatch.demo;
