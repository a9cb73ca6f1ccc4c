/**
 * What does an operator ask a node from the command line? Commands that talk to a node's HTTP; each prints tables for people,
 * or the node's answer as it is.
 */
package org.sipdispatch.cli;
