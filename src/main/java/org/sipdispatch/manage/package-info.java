/**
 * Ask and command: the desk over HTTP. All that a route takes stands in its {@link org.sipdispatch.manage.Endpoint},
 * which the OpenAPI document is checked against.
 */
package org.sipdispatch.manage;
