/** Which node runs the actor of a destination, and how every defined destination keeps one alive. */
package org.sipdispatch.sharding;
