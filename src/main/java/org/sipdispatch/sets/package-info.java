/**
 * Which destination, and in what order? Members, algorithms and their cursors; {@link org.sipdispatch.sets.SetActor}
 * applies them. Uses {@code sip}, and Akka in the actor only.
 */
package org.sipdispatch.sets;
