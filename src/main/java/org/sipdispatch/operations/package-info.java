/** The operations that operators can use, one class for each. The result is the same through every interface. */
package org.sipdispatch.operations;
