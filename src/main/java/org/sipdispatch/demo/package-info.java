/** User agents for the demo command, which shows a node at work. Uses {@code sip} and {@code settings}. */
package org.sipdispatch.demo;
