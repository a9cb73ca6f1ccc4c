/**
 * The interfaces for selection algorithms of your own, which a jar provides: algorithm 10. This package is stable:
 * later releases add methods, and change or remove none.
 */
package org.sipdispatch.spi;
