/** Event sockets of FreeSWITCH: their URLs, their messages, and the weights that their heartbeats mean. */
package org.sipdispatch.freeswitch;
