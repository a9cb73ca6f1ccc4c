/**
 * What may a setting be? Reads keys of the configuration and refuses bad ones in one line. Any room may use it; uses the
 * configuration library only.
 */
package org.sipdispatch.settings;
