/**
 * Destination sets: members, selection algorithms and their round-robin states; {@link org.sipdispatch.sets.SetActor}
 * applies them. Uses {@code sip}, and Akka in the actor only.
 */
package org.sipdispatch.sets;
