/** The operations that operators can use. The result is the same through every interface. */
package org.sipdispatch.operations;
