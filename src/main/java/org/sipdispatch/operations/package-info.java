/**
 * What operators can ask and order, one class for each; whichever door they come through, the answer is the same.
 */
package org.sipdispatch.operations;
