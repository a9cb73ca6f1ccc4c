/** User agents for the demo command, which shows a node at work. */
package org.sipdispatch.demo;
