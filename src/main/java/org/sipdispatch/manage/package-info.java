/**
 * Ask and command: what operators see and do, over Akka Management HTTP. Uses {@code cluster}, {@code transport},
 * {@code destination}, {@code sets} and {@code settings}.
 */
package org.sipdispatch.manage;
