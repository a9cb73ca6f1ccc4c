/** The sources of destinations: database tables and list files, read and checked; states are written back. */
package org.sipdispatch.catalog;
