/** Command line clients of a node's HTTP interface. Each prints tables, or the node's response as it is. */
package org.sipdispatch.cli;
