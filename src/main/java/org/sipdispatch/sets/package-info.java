/**
 * Destination sets: members, selection algorithms and their round-robin states; {@link org.sipdispatch.sets.SetActor}
 * applies them. Uses Akka in the actor only.
 */
package org.sipdispatch.sets;
