/** Which node runs the actor of a destination, and how each defined destination keeps its actor running. */
package org.sipdispatch.sharding;
