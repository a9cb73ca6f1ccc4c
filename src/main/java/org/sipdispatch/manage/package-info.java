/**
 * The management interface: operations over HTTP, metrics, MI and the web page. Each {@link
 * org.sipdispatch.manage.Endpoint} lists all parameters of its route; a test compares them with the OpenAPI document.
 */
package org.sipdispatch.manage;
