/** Ask and command: what operators see and do, over Akka Management HTTP. */
package org.sipdispatch.manage;
