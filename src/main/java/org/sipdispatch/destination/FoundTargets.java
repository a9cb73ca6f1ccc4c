package org.sipdispatch.destination;

import java.util.List;
import org.sipdispatch.sets.Target;

/**
 * The addresses that DNS has for a host name.
 *
 * @param targets empty if there are none, or if they are not known because of the failure
 * @param failure why the name servers could not be asked, in which case the targets are those of their last answer;
 *     empty if they have answered
 * @param ttlMs how long the answer applies, in milliseconds
 */
public record FoundTargets(List<Target> targets, String failure, long ttlMs) {}
